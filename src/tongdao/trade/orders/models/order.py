from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models.purchase import Purchase


class Order(TenantModel):
    """One seller's part of a purchase. Deadlines are columns, so that sweeps find them by an index."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    purchase: TenantForeignKey[Purchase, Purchase] = TenantForeignKey(Purchase, related_name="orders")
    number = models.CharField(max_length=18)  # for humans
    person_id = models.UUIDField()
    seller_id = models.UUIDField()  # the partner who sells: the merchant's own node, mostly
    state = models.CharField(max_length=10, default="placed")  # see states.ORDER
    version = models.IntegerField(default=1)
    currency = models.CharField(max_length=3)
    goods_fen = MoneyField()  # sum of the lines after discounts
    freight_fen = MoneyField()
    total_fen = MoneyField()  # goods and freight: what this order's buyer pays
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)  # promised at payment
    confirm_by = models.DateTimeField(
        null=True
    )  # set when all is shipped; then receipt is confirmed by itself
    confirm_held_at = models.DateTimeField(null=True)  # since when that waits for an open after-sale case
    completed_at = models.DateTimeField(null=True)
    release_at = models.DateTimeField(null=True)  # received: then its shares are released, if nothing is open
    released_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # closed unpaid, or cancelled
    close_reason = models.CharField(max_length=24, default="", blank=True)  # "unpaid", "buyer", …

    class Meta(TenantModel.Meta):
        db_table = "order"
        indexes = [
            models.Index(fields=["person_id", "placed_at"], name="order_person"),
            models.Index(fields=["merchant_id", "state", "placed_at"], name="order_state"),
            models.Index(
                fields=["pay_by"], condition=Q(state__in=["placed", "closing"]), name="order_unpaid_due"
            ),
            models.Index(fields=["confirm_by"], condition=Q(state="paid"), name="order_confirm_due"),
            models.Index(
                fields=["release_at", "id"],  # a day's orders are due at the same moment
                condition=Q(release_at__isnull=False, released_at__isnull=True),
                name="order_release_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number"], name="order_number"),
            models.CheckConstraint(
                condition=Q(
                    total_fen=F("goods_fen") + F("freight_fen"), goods_fen__gte=0, freight_fen__gte=0
                ),
                name="order_total",
            ),
        ]


class OrderLine(TenantModel):
    """A snapshot of what was agreed for one SKU. It never changes; what happens to it is told elsewhere."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="lines")
    position = models.IntegerField()
    product_id = models.UUIDField()
    sku_id = models.UUIDField()
    title = models.CharField(max_length=255)
    option_text = models.CharField(max_length=800, default="", blank=True)
    sku_code = models.CharField(max_length=120, default="", blank=True)
    picture = models.CharField(max_length=255, default="", blank=True)  # path below MEDIA_ROOT
    quantity = models.IntegerField()
    price_version = models.IntegerField()
    list_price_fen = MoneyField()  # public price of one unit
    discount_fen = MoneyField(default=0)  # this line's share of all discounts
    paid_fen = MoneyField()  # quantity × list price − discount: what the buyer pays for the line
    freight_fen = MoneyField(default=0)  # this line's share of the freight
    policies = models.JSONField(default=dict)  # as promised: see promises.promise_of
    seller_id = models.UUIDField()
    promoter_id = models.UUIDField(null=True)  # promoter of record
    tax_withholder = models.CharField(max_length=10, default="merchant")  # who withholds the promoter's tax

    class Meta(TenantModel.Meta):
        db_table = "order_line"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "order", "position"], name="order_line_position"),
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0,
                    discount_fen__gte=0,
                    paid_fen=F("quantity") * F("list_price_fen") - F("discount_fen"),
                    paid_fen__gte=0,
                    freight_fen__gte=0,
                ),
                name="order_line_paid",
            ),
        ]


class Allocation(TenantModel):
    """Some units of a line, to be shipped by one node. Its stock reservation has the same id."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="node_id")

    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="allocations")
    node_id = models.UUIDField()
    quantity = models.IntegerField()
    packed = models.IntegerField(default=0)  # units in parcels
    cancelled = models.IntegerField(default=0)  # units that will not be shipped

    class Meta(TenantModel.Meta):
        db_table = "allocation"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0,
                    packed__gte=0,
                    cancelled__gte=0,
                    quantity__gte=F("packed") + F("cancelled"),
                ),
                name="allocation_units",
            )
        ]
