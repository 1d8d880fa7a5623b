import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

RUN = [
    ("done", "undoing"),
    ("failed", "undoing"),
    ("queued", "running"),
    ("running", "done"),
    ("running", "failed"),
    ("undoing", "undone"),
]


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("catalog", "0006_archived_and_removed")]

    operations = [
        migrations.AddField("importrun", "change_total", models.IntegerField(default=0)),
        migrations.AddField("importrun", "undone_by", models.UUIDField(null=True)),
        migrations.AddField("importrun", "undone_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "importrun",
            models.Index(condition=models.Q(state="undoing"), fields=["id"], name="import_run_undoing"),
        ),
        migrations.CreateModel(
            name="ImportChange",
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
                ("position", models.IntegerField()),
                ("state", models.CharField(default="done", max_length=7)),
                ("version", models.IntegerField(default=1)),
                ("noun", models.CharField(max_length=7)),
                ("row_id", models.UUIDField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("why", models.CharField(blank=True, default="", max_length=32)),
                (
                    "product",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="catalog.product",
                    ),
                ),
                (
                    "run",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="intake.importrun",
                    ),
                ),
            ],
            options={"db_table": "import_change", "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            "importchange",
            models.UniqueConstraint(fields=("merchant_id", "run", "position"), name="import_change_place"),
        ),
        SecureTable("ImportChange"),
        GuardStates("ImportChange", initial="done", transitions=[("done", "kept"), ("done", "undone")]),
        GuardStates("ImportRun", initial="queued", transitions=RUN),
    ]
