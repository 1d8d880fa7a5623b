from django.db import migrations, models
from django.db.models import Q

STATES = [("pending", "Pending"), ("ready", "Ready"), ("failed", "Failed"), ("removed", "Removed")]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_held_back")]

    operations = [
        migrations.AddField("sku", "archived", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "sku",
            models.CheckConstraint(condition=Q(archived=False) | Q(saleable=False), name="sku_archived"),
        ),
        migrations.AddField(
            "productimage", "removed_file", models.CharField(blank=True, default="", max_length=255)
        ),
        migrations.AlterField(
            "productimage", "state", models.CharField(choices=STATES, default="pending", max_length=8)
        ),
    ]
