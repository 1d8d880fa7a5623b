import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.AlterField("order", "number", models.CharField(max_length=18)),
        migrations.CreateModel(
            name="DiscountShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("kind", models.CharField(max_length=9)),
                ("promotion_id", models.UUIDField()),
                ("amount_fen", tongdao.foundation.money.MoneyField()),
                ("base_fen", tongdao.foundation.money.MoneyField(null=True)),
                (
                    "line",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="discounts",
                        to="orders.orderline",
                    ),
                ),
            ],
            options={
                "db_table": "discount_share",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "line", "promotion_id"), name="discount_share_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="discount_share_amount"
                    ),
                ],
            },
        ),
        SecureTable("DiscountShare", append_only=True),
    ]
