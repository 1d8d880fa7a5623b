import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
KINDS = [("product", "Product"), ("merchant", "Merchant"), ("promoter", "Promoter")]
COUNTS = ("disputes", "disputes_ruled", "disputes_lost", "waits", "waits_in_time")


class Migration(migrations.Migration):
    """Returns, disputes and waits by their own states. The projection has a new name, so it reads from zero."""

    dependencies = [("reputation", "0001_initial")]

    operations = [
        migrations.RunSQL("truncate standing, order_sent", migrations.RunSQL.noop),
        *(migrations.AddField("Standing", name, models.IntegerField(default=0)) for name in COUNTS),
        migrations.AddField("Standing", "seconds_waited", models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="LineStanding",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("line_id", models.UUIDField()),
                ("sent", models.IntegerField(default=0)),
                ("gone", models.IntegerField(default=0)),
                ("returned", models.IntegerField(default=0)),
                ("back_fen", models.BigIntegerField(default=0)),
                ("stars", models.SmallIntegerField(default=0)),
            ],
            options={
                "db_table": "line_standing",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["merchant_id", "line_id"], name="line_standing_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingWait",
            fields=[
                ("id", ID.clone()),
                ("merchant_id", MERCHANT.clone()),
                ("wait_id", models.UUIDField()),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("subject_id", models.UUIDField()),
                ("since", models.DateTimeField(null=True)),
                ("longest", models.BigIntegerField(null=True)),
                ("in_time", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "standing_wait",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("since__isnull", False)),
                        fields=["merchant_id", "kind", "subject_id", "since"],
                        name="standing_wait_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["merchant_id", "wait_id"], name="standing_wait_once")
                ],
            },
        ),
        SecureTable("LineStanding"),
        SecureTable("StandingWait"),
    ]
