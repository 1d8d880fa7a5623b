import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
BASE = {"abstract": False, "base_manager_name": "objects"}


def to(model: str, name: str, **options: object) -> models.Field:
    return tongdao.foundation.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, related_name=name, to=model, **options
    )


class Migration(migrations.Migration):

    dependencies = [("orders", "0003_shares_of_promoter"), ("shipping", "0001_initial")]

    operations = [
        migrations.AddField("parcel", "gateway_order", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("parcel", "sorting", models.CharField(blank=True, default="", max_length=64)),
        migrations.RemoveConstraint("parcel", "parcel_waybill"),
        migrations.AddConstraint(
            "parcel",
            models.UniqueConstraint(
                fields=["merchant_id", "carrier", "waybill_no"],
                condition=models.Q(("waybill_no", ""), _negated=True) & models.Q(("state", "void"), _negated=True),
                name="parcel_waybill",
            ),
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("staff_id", models.UUIDField()),
                ("typed", models.BooleanField(default=False)),
                ("total", models.IntegerField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "dispatch", **BASE},
        ),
        migrations.CreateModel(
            name="DispatchItem",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("position", models.IntegerField()),
                ("carrier", models.CharField(max_length=24)),
                ("waybill_no", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("version", models.IntegerField(default=1)),
                ("refusal", models.CharField(blank=True, default="", max_length=64)),
                ("try_at", models.DateTimeField()),
                ("dispatch", to("shipping.dispatch", "items")),
                ("order", to("orders.order", "dispatch_items")),
                ("parcel", to("shipping.parcel", "dispatch_items", null=True)),
            ],
            options={"db_table": "dispatch_item", **BASE},
        ),
        migrations.AddIndex(
            "dispatch", models.Index(fields=["merchant_id", "created_at"], name="dispatch_latest")
        ),
        migrations.AddIndex(
            "dispatchitem",
            models.Index(
                fields=["try_at"], condition=models.Q(("state", "queued")), name="dispatch_item_due"
            ),
        ),
        migrations.AddConstraint(
            "dispatchitem",
            models.UniqueConstraint(fields=["merchant_id", "dispatch", "order"], name="dispatch_item_once"),
        ),
        SecureTable("Dispatch"),
        SecureTable("DispatchItem"),
        GuardStates(
            "Parcel",
            initial="requested",
            transitions=[
                ("cancelling", "shipped"),
                ("cancelling", "void"),
                ("in_transit", "delivered"),
                ("requested", "shipped"),
                ("requested", "void"),
                ("shipped", "cancelling"),
                ("shipped", "delivered"),
                ("shipped", "in_transit"),
            ],
        ),
        GuardStates(
            "DispatchItem",
            initial="queued",
            transitions=[
                ("packed", "queued"),
                ("queued", "packed"),
                ("queued", "refused"),
                ("refused", "queued"),
            ],
        ),
    ]
