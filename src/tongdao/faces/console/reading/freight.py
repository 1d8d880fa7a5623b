"""Products with the freight template that they are sent under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.goods.catalog.models import Product
from tongdao.terms.agreements.models import FreightAssignment, FreightTemplate

MOST = 50


@dataclass(frozen=True, slots=True)
class SentProduct:
    """`template` is the name of its own template, empty for the default; `here` says that it is this one."""

    product_id: UUID
    title: str
    template: str
    here: bool


def sent_products(template_id: UUID, *, title: str) -> tuple[Sequence[SentProduct], bool]:
    """At most fifty products whose title has these words, its own ones first; and whether there are more.

    Without words only this template's own, or the newest where it has none.
    """
    own = FreightAssignment.objects.filter(template_id=template_id).values("product_id")
    products = Product.objects.order_by("-created_at", "-id")
    if title:
        products = products.filter(title__icontains=title)
    elif own.exists():
        products = products.filter(pk__in=own)
    page = list(products[: MOST + 1])
    pairs = FreightAssignment.objects.filter(product_id__in=[row.id for row in page]).select_related(
        "template"
    )
    used = {pair.product_id: pair.template for pair in pairs}
    rows = [_row(product.id, product.title, used.get(product.id), template_id) for product in page[:MOST]]
    return sorted(rows, key=lambda row: not row.here), len(page) > MOST


def _row(product_id: UUID, title: str, used: FreightTemplate | None, template_id: UUID) -> SentProduct:
    return SentProduct(
        product_id, title, used.name if used else "", used is not None and used.id == template_id
    )
