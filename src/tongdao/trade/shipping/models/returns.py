"""What buyers send back: where to, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.party.network.models import Partner
from tongdao.trade.shipping.models.following import Followed, ScanRow

LONGEST_NOTE = 200  # letters


class ReturnAddress(TenantModel):
    """Where goods go back to, since when and until when; one that was changed stays, ended.

    `node` is whose stock it is for, who takes back what it shipped; without one it is for all others.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(platform=False)

    node: TenantForeignKey[Partner | None, Partner | None] = TenantForeignKey(
        Partner, null=True, related_name="return_addresses"
    )
    recipient = EncryptedTextField()
    phone = EncryptedTextField()
    detail = EncryptedTextField()  # street, number, room
    division_code = models.CharField(max_length=6)  # GB/T 2260
    division_version = models.CharField(max_length=24)  # of rulebook.divisions
    note = models.CharField(max_length=LONGEST_NOTE, default="", blank=True)  # for the buyer
    staff_id = models.UUIDField(null=True)  # who set it
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "return_address"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"],
                condition=Q(effective_to__isnull=True, node__isnull=True),
                name="return_address_default",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "node"],
                condition=Q(effective_to__isnull=True, node__isnull=False),
                name="return_address_of_node",
            ),
        ]


class ReturnParcel(Followed):
    """A waybill by which a buyer sends goods back; one may carry what several cases of his are about.

    `shipped_at` is when the buyer said so. It moves nothing but itself: cases listen to its events.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    state = models.CharField(max_length=10, default="shipped")  # see states.RETURN_PARCEL
    phone = EncryptedTextField()  # the receiver's, which some carriers want to see

    class Meta(Followed.Meta):
        abstract = False
        db_table = "return_parcel"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "carrier", "waybill_no"], name="return_parcel_waybill"
            ),
            models.CheckConstraint(condition=~Q(waybill_no=""), name="return_parcel_number"),
        ]


class ReturnScan(ScanRow):
    """One scan of what comes back."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    parcel: TenantForeignKey[ReturnParcel, ReturnParcel] = TenantForeignKey(
        ReturnParcel, related_name="scans"
    )

    class Meta(ScanRow.Meta):
        abstract = False
        db_table = "return_scan"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "parcel", "fingerprint"], name="return_scan_once")
        ]
