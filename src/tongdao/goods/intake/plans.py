"""What one product of a file changes: the rows as they shall be, decided before anything is written.

Nothing is deleted by an import. A SKU that the file does not name any more stays as it is, on sale, unless
the product's options changed so that it fits none of them. A picture that the file does not name any more
stays behind those that it names. An empty SKU code or variant picture leaves the stored one; otherwise the
file rules, also over what was changed by hand since the last import.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from tongdao.goods.catalog.importing import ParsedProduct
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.intake.holding import Held
from tongdao.goods.intake.problems import Problem
from tongdao.goods.intake.report import Counts


@dataclass(frozen=True, slots=True)
class Priced:
    """A SKU with another price than before; amounts in fen."""

    sku: Sku
    old_price_fen: int
    old_compare_at_fen: int | None


@dataclass(slots=True)
class ProductPlan:
    """`told`: something other than a price changed, which is its own event."""

    product: Product
    is_new: bool
    told: bool = False
    new_skus: list[Sku] = field(default_factory=list)
    changed_skus: list[Sku] = field(default_factory=list)
    moved_skus: list[Sku] = field(default_factory=list)  # of the changed: those with another code or options
    unchanged_skus: int = 0
    priced: list[Priced] = field(default_factory=list)
    new_images: list[ProductImage] = field(default_factory=list)
    changed_images: list[ProductImage] = field(default_factory=list)
    stock: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # SKU → units on hand, line
    problems: list[Problem] = field(default_factory=list)
    left_out: bool = False  # a new product of which no SKU can go in

    @property
    def changed(self) -> bool:
        return self.is_new or self.told or bool(self.priced)

    def counts(self) -> Counts:
        """All but the stock, which is counted when it is set."""
        return Counts(
            products_created=int(self.is_new),
            products_updated=int(self.changed and not self.is_new),
            products_unchanged=int(not self.changed),
            skus_created=len(self.new_skus),
            skus_updated=len(self.changed_skus),
            skus_unchanged=self.unchanged_skus,
            images_added=len(self.new_images),
            images_changed=len(self.changed_images),
            prices_changed=len(self.priced),
        )


def begin_plan(parsed: ParsedProduct, held: Held, at: datetime) -> ProductPlan:
    """The plan with the product's own columns decided; `at` is when a new one came in."""
    product = held.product
    if product is None:
        product = Product(handle=parsed.handle, created_at=at, updated_at=at)
    plan = ProductPlan(product, is_new=held.product is None)
    plan.told = assign(
        product,
        title=parsed.title,
        body_html=parsed.body_html,
        vendor=parsed.vendor,
        product_type=parsed.product_type,
        tags=list(parsed.tags),
        option_names=list(parsed.options),
        published=parsed.published,
        **({} if parsed.return_exclusion is None else {"return_exclusion": parsed.return_exclusion}),
    )
    return plan


def end_plan(plan: ProductPlan, at: datetime) -> None:
    """The version rises once for whatever changed of a product."""
    plan.told = plan.told or bool(plan.new_skus or plan.new_images or plan.changed_images)
    if plan.changed and not plan.is_new:
        plan.product.version += 1
        plan.product.updated_at = at


def assign(row: models.Model, **values: Any) -> bool:
    """Set columns; whether any of them is different now."""
    different = [name for name, value in values.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, values[name])
    return bool(different)


def claim_codes(plan: ProductPlan, owners: MutableMapping[str, str]) -> None:
    """What comes later in the file may not take the codes of this product."""
    for sku in (*plan.new_skus, *plan.changed_skus):
        if sku.code:
            owners.setdefault(sku.code, plan.product.handle)


def is_others(code: str | None, handle: str, owners: Mapping[str, str]) -> bool:
    """Whether another product has this SKU code."""
    return bool(code) and owners.get(code or "", handle) != handle
