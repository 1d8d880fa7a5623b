from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_licences")]

    operations = [
        migrations.AddIndex(
            "sku", models.Index(fields=["merchant_id"], condition=~Q(held_for=""), name="sku_held_back")
        ),
    ]
