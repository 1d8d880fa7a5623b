from django.db import migrations, models


class Migration(migrations.Migration):
    """A promoter's sales are found by who earns; lines that pay no promoter are not in this index."""

    dependencies = [("orders", "0002_discounts")]

    operations = [
        migrations.AddIndex(
            "WaterfallShare",
            models.Index(
                fields=["merchant_id", "beneficiary"],
                condition=models.Q(kind="promoter"),
                name="waterfall_share_promoter",
            ),
        )
    ]
