from django.db import migrations, models


class Migration(migrations.Migration):
    """What names a row that is not as it was sealed. Days that are sealed already are named as a whole."""

    dependencies = [("ledger", "0003_closings")]

    operations = [migrations.AddField("ledgerday", "leaves", models.BinaryField(null=True))]
