"""Parcels, waybills and what the carrier tells of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.models.following import Followed, ScanRow


class CarrierAccount(TenantModel):
    """The merchant's contract with a carrier gateway. Its keys are encrypted."""

    gateway = models.CharField(max_length=16)  # protocol: "kuaidi100"
    gateway_url = models.CharField(max_length=200)
    key = EncryptedTextField()
    secret = EncryptedTextField()
    customer = EncryptedTextField()
    partner_id = EncryptedTextField()  # the month-settled account that waybills are booked on
    sender = EncryptedTextField()  # JSON: {"name", "phone", "address"} as printed on the waybill
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "carrier_account"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "gateway"],
                condition=Q(effective_to__isnull=True),
                name="carrier_account_current",
            )
        ]


class Parcel(Followed):
    """One waybill of one order from one node."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", node="node_id")

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="parcels")
    node_id = models.UUIDField()  # who ships
    gateway_order = models.CharField(max_length=64, default="", blank=True)  # the gateway's number of it
    sorting = models.CharField(max_length=64, default="", blank=True)  # the carrier's own large words
    booked = models.BooleanField(
        default=True
    )  # the waybill is asked of the gateway; False: staff typed it in
    state = models.CharField(max_length=10, default="requested")  # see states.PARCEL
    requested_at = models.DateTimeField()

    class Meta(Followed.Meta):
        abstract = False
        db_table = "parcel"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "carrier", "waybill_no"],
                condition=~Q(waybill_no="") & ~Q(state="void"),
                name="parcel_waybill",
            )
        ]


class Dispatch(TenantModel):
    """Orders that are shipped in one go, each for itself. How far it is its items and their parcels tell."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    staff_id = models.UUIDField()  # who asked for it
    typed = models.BooleanField(default=False)  # the waybills came from a file or were typed in
    total = models.IntegerField()  # orders
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "dispatch"
        indexes = [models.Index(fields=["merchant_id", "created_at"], name="dispatch_latest")]


class DispatchItem(TenantModel):
    """One order of a dispatch: what is left of it becomes one parcel. `carrier` and `waybill_no` as asked."""

    dispatch: TenantForeignKey[Dispatch, Dispatch] = TenantForeignKey(Dispatch, related_name="items")
    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="dispatch_items")
    position = models.IntegerField()
    carrier = models.CharField(max_length=24)
    waybill_no = models.CharField(max_length=40, default="", blank=True)  # empty: the carrier is asked
    state = models.CharField(max_length=8, default="queued")  # see states.DISPATCH_ITEM
    version = models.IntegerField(default=1)
    parcel: TenantForeignKey[Parcel | None, Parcel | None] = TenantForeignKey(
        Parcel, null=True, related_name="dispatch_items"
    )
    refusal = models.CharField(max_length=64, default="", blank=True)  # the code of why it was not packed
    try_at = models.DateTimeField()  # when it is worked on (again)

    class Meta(TenantModel.Meta):
        db_table = "dispatch_item"
        indexes = [models.Index(fields=["try_at"], condition=Q(state="queued"), name="dispatch_item_due")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "dispatch", "order"], name="dispatch_item_once")
        ]


class ParcelItem(TenantModel):
    """How many units of an allocation are in a parcel."""

    parcel: TenantForeignKey[Parcel, Parcel] = TenantForeignKey(Parcel, related_name="items")
    allocation: TenantForeignKey[Allocation, Allocation] = TenantForeignKey(Allocation, related_name="items")
    quantity = models.IntegerField()

    class Meta(TenantModel.Meta):
        db_table = "parcel_item"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "parcel", "allocation"], name="parcel_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parcel_item_quantity"),
        ]


class TrackingEvent(ScanRow):
    """One scan of what goes out."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    parcel: TenantForeignKey[Parcel, Parcel] = TenantForeignKey(Parcel, related_name="scans")

    class Meta(ScanRow.Meta):
        abstract = False
        db_table = "tracking_event"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "parcel", "fingerprint"], name="tracking_event_once"
            )
        ]
