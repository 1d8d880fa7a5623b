import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
BASE = {"abstract": False, "base_manager_name": "objects"}


def sealed() -> models.Field:
    return tongdao.foundation.pii.fields.EncryptedTextField()


def to(model: str, name: str, **options: object) -> models.Field:
    return tongdao.foundation.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, related_name=name, to=model, **options
    )


class Migration(migrations.Migration):

    dependencies = [("network", "0002_agreements_of_promoters"), ("shipping", "0002_dispatches")]

    operations = [
        migrations.CreateModel(
            name="ReturnAddress",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("recipient", sealed()),
                ("phone", sealed()),
                ("detail", sealed()),
                ("division_code", models.CharField(max_length=6)),
                ("division_version", models.CharField(max_length=24)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("staff_id", models.UUIDField(null=True)),
                ("effective_from", models.DateTimeField()),
                ("effective_to", models.DateTimeField(null=True)),
                ("node", to("network.partner", "return_addresses", null=True)),
            ],
            options={
                "db_table": "return_address",
                **BASE,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("effective_to__isnull", True), ("node__isnull", True)),
                        fields=("merchant_id",),
                        name="return_address_default",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("effective_to__isnull", True), ("node__isnull", False)),
                        fields=("merchant_id", "node"),
                        name="return_address_of_node",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnParcel",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("person_id", models.UUIDField()),
                ("carrier", models.CharField(max_length=24)),
                ("waybill_no", models.CharField(blank=True, default="", max_length=40)),
                ("version", models.IntegerField(default=1)),
                ("callback_token", models.CharField(max_length=32)),
                ("callback_salt", sealed()),
                ("shipped_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("check_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=64)),
                ("state", models.CharField(default="shipped", max_length=10)),
                ("phone", sealed()),
            ],
            options={
                "db_table": "return_parcel",
                **BASE,
                "indexes": [
                    models.Index(
                        condition=models.Q(("check_at__isnull", False)),
                        fields=["check_at"],
                        name="returnparcel_check",
                    ),
                    models.Index(fields=["person_id"], name="returnparcel_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "carrier", "waybill_no"), name="return_parcel_waybill"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waybill_no", ""), _negated=True), name="return_parcel_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnScan",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("status", models.CharField(max_length=24)),
                ("text", models.CharField(max_length=500)),
                ("area", models.CharField(blank=True, default="", max_length=120)),
                ("scanned_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("parcel", to("shipping.returnparcel", "scans")),
            ],
            options={
                "db_table": "return_scan",
                **BASE,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "parcel", "fingerprint"), name="return_scan_once"
                    )
                ],
            },
        ),
        SecureTable("ReturnAddress", platform=False),
        SecureTable("ReturnParcel", person="person_id"),
        SecureTable("ReturnScan", append_only=True),
        GuardStates(
            "ReturnParcel",
            initial="shipped",
            transitions=[("in_transit", "delivered"), ("shipped", "delivered"), ("shipped", "in_transit")],
        ),
    ]
