"""What a person keeps an eye on at a merchant, and what it cost when that began."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product


class Favourite(TenantModel):
    """A product on one person's own list. Nobody else reads it; nothing is sent because of it."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", platform=False)

    person_id = models.UUIDField()
    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, indexed=False)
    from_fen = MoneyField(null=True)  # the lowest public price then; None: nothing of it was on sale
    kept_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "favourite"
        indexes = [models.Index(fields=["person_id"], name="favourite_person")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "person_id", "product"], name="favourite_once")
        ]
