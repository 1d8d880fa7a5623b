import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
KINDS = [("product", "Product"), ("merchant", "Merchant"), ("promoter", "Promoter")]


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("subject_id", models.UUIDField()),
                ("stars_1", models.IntegerField(default=0)),
                ("stars_2", models.IntegerField(default=0)),
                ("stars_3", models.IntegerField(default=0)),
                ("stars_4", models.IntegerField(default=0)),
                ("stars_5", models.IntegerField(default=0)),
                ("units_sent", models.IntegerField(default=0)),
                ("units_back", models.IntegerField(default=0)),
                ("orders_sent", models.IntegerField(default=0)),
                ("orders_in_time", models.IntegerField(default=0)),
                ("seconds_to_send", models.BigIntegerField(default=0)),
                ("parcels_delivered", models.IntegerField(default=0)),
                ("seconds_to_deliver", models.BigIntegerField(default=0)),
                ("answers", models.IntegerField(default=0)),
                ("seconds_to_answer", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "standing",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["merchant_id", "kind", "subject_id"], name="standing_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderSent",
            fields=[
                ("id", ID.clone()),
                ("merchant_id", MERCHANT.clone()),
                ("order_id", models.UUIDField()),
            ],
            options={
                "db_table": "order_sent",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["merchant_id", "order_id"], name="order_sent_once")
                ],
            },
        ),
        SecureTable("Standing"),
        SecureTable("OrderSent"),
    ]
