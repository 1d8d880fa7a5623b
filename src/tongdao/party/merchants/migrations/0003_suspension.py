from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable

REASONS = [
    ("unlicensed", "Unlicensed"),
    ("unlawful_goods", "Unlawful Goods"),
    ("fraud", "Fraud"),
    ("identity", "Identity"),
    ("authority", "Authority"),
    ("own_wish", "Own Wish"),
]


class Migration(migrations.Migration):

    dependencies = [("merchants", "0002_company"), ("foundation", "0004_switches_deeds")]

    operations = [
        migrations.CreateModel(
            name="Suspension",
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
                ("reason", models.CharField(choices=REASONS, max_length=24)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "suspension",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("merchant_id",),
                        name="suspension_current",
                    )
                ],
            },
        ),
        SecureTable("Suspension", node="shared"),
        migrations.RunSQL("revoke delete on suspension from tongdao_app", migrations.RunSQL.noop),
    ]
