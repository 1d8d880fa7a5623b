from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PlanTrial",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("rules", models.JSONField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
            ],
            options={
                "db_table": "plan_trial",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "digest", "asked_at"], name="plan_trial_digest")
                ],
            },
        ),
        SecureTable("PlanTrial"),
    ]
