"""Stock, who owns it, and what is promised of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Sku
from tongdao.party.network.models import Partner


class Stock(TenantModel):
    """Units of a SKU at a node. `on_hand - reserved` is what can still be promised; never below zero."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="node_id")

    sku: TenantForeignKey[Sku, Sku] = TenantForeignKey(Sku, related_name="stocks", indexed=False)
    node: TenantForeignKey[Partner, Partner] = TenantForeignKey(Partner)
    on_hand = models.IntegerField(default=0)  # units in the warehouse
    reserved = models.IntegerField(default=0)  # units promised to open orders, still in the warehouse

    class Meta(TenantModel.Meta):
        db_table = "stock"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "sku", "node"], name="stock_place"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, on_hand__gte=F("reserved")), name="stock_not_oversold"
            ),
        ]


class Reservation(TenantModel):
    """Units of one stock promised to one holder (an allocation of an order line, by the same id)."""

    stock: TenantForeignKey[Stock, Stock] = TenantForeignKey(Stock)
    quantity = models.IntegerField()
    state = models.CharField(max_length=8, default="held")  # see states.RESERVATION
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        db_table = "reservation"
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_quantity")]


class StockMovement(TenantModel):
    """Every change of `on_hand`, with its reason. Their sum is the stock."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    stock: TenantForeignKey[Stock, Stock] = TenantForeignKey(Stock)
    delta = models.IntegerField()  # units, positive in, negative out
    reason = models.CharField(max_length=16)  # "import", "count", "ship", "unship", "return"
    source = models.UUIDField(null=True)  # the row that caused it: parcel, import job
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "stock_movement"
        constraints = [models.CheckConstraint(condition=~Q(delta=0), name="stock_movement_moves")]
