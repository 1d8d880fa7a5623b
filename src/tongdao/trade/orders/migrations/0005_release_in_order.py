from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_release")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="order_release_due"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("release_at__isnull", False), ("released_at__isnull", True)),
                fields=["release_at", "id"],
                name="order_release_due",
            ),
        ),
    ]
