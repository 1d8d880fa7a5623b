from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_archived_and_removed")]

    operations = [
        migrations.AddField(
            "product", "return_exclusion", models.CharField(blank=True, default="", max_length=32)
        ),
    ]
