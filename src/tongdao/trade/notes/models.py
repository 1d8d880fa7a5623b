"""What staff write down about an order for each other. No buyer ever sees it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models import Order


class Flag(models.TextChoices):
    """A colour that a shop gives a meaning of its own."""

    NONE = "", "no flag"
    RED = "red", "red"
    AMBER = "amber", "amber"
    GREEN = "green", "green"
    BLUE = "blue", "blue"


class OrderNote(TenantModel):
    """One note. It is never changed: who was wrong writes another. Sealed, for it may name a person.

    It is written over when that person is erased; the database lets nobody do anything else to it.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="notes")
    text = EncryptedTextField()
    staff_id = models.UUIDField()  # who wrote it
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "order_note"


class OrderMark(TenantModel):
    """What the lists show of an order's notes: its flag, and the one note that is pinned."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="marks", indexed=False)
    pinned: TenantForeignKey[OrderNote | None, OrderNote | None] = TenantForeignKey(
        OrderNote, null=True, indexed=False
    )
    flag = models.CharField(max_length=8, choices=Flag.choices, default="", blank=True)

    class Meta(TenantModel.Meta):
        db_table = "order_mark"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "order"], name="order_mark_once")]
