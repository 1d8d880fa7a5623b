from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):
    dependencies = [("merchants", "0005_shop_domains")]

    operations = [
        migrations.CreateModel(
            name="PayoutMinimum",
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
                ("least_fen", tongdao.foundation.money.MoneyField()),
                ("effective_from", models.DateTimeField()),
                ("effective_to", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payout_minimum",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("effective_to__isnull", True)),
                        fields=("merchant_id",),
                        name="payout_minimum_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least_fen__gt", 0)), name="payout_minimum_amount"
                    ),
                ],
            },
        ),
        SecureTable("PayoutMinimum"),
        migrations.RunSQL("revoke delete on payout_minimum from tongdao_app", migrations.RunSQL.noop),
    ]
