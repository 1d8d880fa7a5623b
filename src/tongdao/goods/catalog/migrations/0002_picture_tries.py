from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddField("productimage", "tries", models.SmallIntegerField(default=0)),
        migrations.AddField("productimage", "check_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "productimage",
            models.Index(fields=["check_at"], condition=Q(state="pending"), name="product_image_pending"),
        ),
    ]
