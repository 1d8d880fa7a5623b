"""What the carrier tells of, whichever way it goes. Abstract: what goes out and what comes back have tables
of their own, so that nothing that reads the parcels of an order ever meets one that comes back.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantModel


class Followed(TenantModel):
    """A waybill that the carrier gateway pushes the scans of, and is asked about when it is silent."""

    person_id = models.UUIDField()  # the buyer
    carrier = models.CharField(max_length=24)  # the carrier's code at the gateway, such as "shunfeng"
    waybill_no = models.CharField(max_length=40, default="", blank=True)
    version = models.IntegerField(default=1)
    callback_token = models.CharField(max_length=32)  # in the directory
    callback_salt = EncryptedTextField()  # the gateway signs its pushes with it
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)  # when the gateway is asked next; null: nothing more to ask
    tries = models.IntegerField(default=0)
    problem = models.CharField(max_length=64, default="", blank=True)

    class Meta(TenantModel.Meta):
        abstract = True
        indexes = [
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="%(class)s_check"),
            models.Index(fields=["person_id"], name="%(class)s_person"),
        ]


class ScanRow(TenantModel):
    """One scan as the carrier told it. `fingerprint` makes a repeated push harmless. The subclass says of
    which parcel, as `parcel`, with `scans` for the way back.
    """

    fingerprint = models.BinaryField(max_length=32)
    status = models.CharField(max_length=24)  # the carrier's status code, ours in shipping.carriers
    text = models.CharField(max_length=500)
    area = models.CharField(max_length=120, default="", blank=True)
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = True
