"""Everything that undoes a paid order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.models import Refund


class AfterSaleKind(models.TextChoices):
    """What the buyer asked for."""

    CANCEL = "cancel"  # before anything was shipped: granted at once, in full


class AfterSale(TenantModel):
    """One case about one order, with its lines and quantities."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    order: TenantForeignKey[Order, Order] = TenantForeignKey(Order, related_name="aftersales")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=AfterSaleKind.choices)
    reason = models.CharField(max_length=24)  # code chosen by the buyer
    state = models.CharField(max_length=10, default="granted")  # see states.AFTER_SALE
    version = models.IntegerField(default=1)
    refund: TenantForeignKey[Refund, Refund] = TenantForeignKey(Refund, related_name="aftersales")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "after_sale"
        indexes = [models.Index(fields=["person_id"], name="after_sale_person")]


class AfterSaleLine(TenantModel):
    """How many units of a line are undone, and what is given back for them."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    aftersale: TenantForeignKey[AfterSale, AfterSale] = TenantForeignKey(AfterSale, related_name="lines")
    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(OrderLine, related_name="aftersales")
    quantity = models.IntegerField()
    refund_fen = MoneyField()  # for these units, freight share included

    class Meta(TenantModel.Meta):
        db_table = "after_sale_line"
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="after_sale_line_quantity")]
