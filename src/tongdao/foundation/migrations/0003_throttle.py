from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("foundation", "0002_events")]

    operations = [
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("full_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "throttle"},
        ),
    ]
