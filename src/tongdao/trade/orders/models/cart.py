from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Sku


class CartLine(TenantModel):
    """What a person means to buy. It holds no price and promises no stock."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    sku: TenantForeignKey[Sku, Sku] = TenantForeignKey(Sku, indexed=False)
    quantity = models.IntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "cart_line"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "person_id", "sku"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__range=(1, 999)), name="cart_line_quantity"),
        ]
