import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

# Settings change seldom, orders all the time: the index of changes leaves out what most events are about
# (nouns.changes.BUSY, in the words of the query), so that placing an order pays nothing for it.
CHANGED = """
create index event_changed on event (merchant_id, name, seq)
where not (subject_type in ('after_sale', 'buying_group', 'delivery_address', 'member', 'order', 'parcel',
  'payment_attempt', 'person', 'purchase', 'refund'))
"""


def own() -> list[tuple[str, models.Field]]:
    """The columns that every merchant's row has."""
    return [
        (
            "id",
            models.UUIDField(
                default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
            ),
        ),
        (
            "merchant_id",
            models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False),
        ),
    ]


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0002_events")]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                *own(),
                ("noun", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=40)),
                ("owner_id", models.UUIDField()),
                ("shared", models.BooleanField(default=False)),
                ("wanted", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "db_table": "saved_filter",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant_id", "noun", "name"], name="saved_filter_noun")],
            },
        ),
        migrations.CreateModel(
            name="ListChoice",
            fields=[
                *own(),
                ("person_id", models.UUIDField()),
                ("noun", models.CharField(max_length=16)),
                ("columns", models.JSONField(default=list)),
                (
                    "opens_with",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.DO_NOTHING, to="lists.savedfilter"
                    ),
                ),
            ],
            options={
                "db_table": "list_choice",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "person_id", "noun"), name="list_choice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRun",
            fields=[
                *own(),
                ("noun", models.CharField(max_length=16)),
                ("wanted", models.JSONField(default=dict)),
                ("columns", models.JSONField(default=list)),
                ("format", models.CharField(max_length=4)),
                ("language", models.CharField(max_length=10)),
                ("unmasked", models.BooleanField(default=False)),
                ("person_id", models.UUIDField()),
                ("state", models.CharField(default="queued", max_length=9)),
                ("version", models.IntegerField(default=1)),
                ("total_rows", models.IntegerField(default=0)),
                ("done_rows", models.IntegerField(default=0)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("file", models.CharField(blank=True, default="", max_length=255)),
                ("why", models.CharField(blank=True, default="", max_length=40)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "export_run",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "created_at"], name="export_run_latest"),
                    models.Index(
                        condition=models.Q(("state", "done")), fields=["expires_at"], name="export_run_expires"
                    ),
                ],
            },
        ),
        SecureTable("SavedFilter"),
        SecureTable("ListChoice"),
        SecureTable("ExportRun"),
        GuardStates(
            "ExportRun",
            initial="queued",
            transitions=[
                ("done", "expired"),
                ("queued", "cancelled"),
                ("queued", "running"),
                ("running", "cancelled"),
                ("running", "done"),
                ("running", "failed"),
            ],
        ),
        migrations.RunSQL(CHANGED, "drop index event_changed"),
    ]
