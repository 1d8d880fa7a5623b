from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("traffic", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "Touch", models.Index(fields=["merchant_id", "person_id", "at"], name="touch_of_person")
        )
    ]
