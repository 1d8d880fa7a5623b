from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_picture_tries")]

    operations = [
        migrations.RenameField("sku", "grams", "weight_g"),
        migrations.AddField("sku", "volume_cm3", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "sku",
            models.CheckConstraint(condition=Q(weight_g__gte=0, volume_cm3__gte=0), name="sku_size"),
        ),
    ]
