"""What an import changed, row by row, kept so that it can be put back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F

from tongdao.foundation.bulk import to_json
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.intake.holding import Held
from tongdao.goods.intake.models import ImportChange, ImportRun
from tongdao.goods.intake.plans import ProductPlan

PRODUCT = (
    *("title", "body_html", "vendor", "product_type", "tags", "option_names", "published"),
    "return_exclusion",
)
SKU = (
    *("position", "code", "option_values", "option_key", "weight_g", "barcode"),
    *("requires_shipping", "saleable", "archived", "image_id"),
)
PRICE = ("price_fen", "compare_at_fen", "price_version")
IMAGE = ("position", "alt")
COLUMNS: dict[str, tuple[str, ...]] = {"product": PRODUCT, "sku": SKU, "price": PRICE, "image": IMAGE}

Columns = dict[str, Any]
Before = Mapping[tuple[str, UUID], Columns]  # by noun and row


def columns_of(row: models.Model, noun: str) -> Columns:
    """Its columns of this noun, as JSON has them."""
    return {name: _plain(getattr(row, name)) for name in COLUMNS[noun]}


def digest_of(row: models.Model, noun: str) -> Columns:
    """What tells whether somebody changed a made row since."""
    return {"digest": hashlib.sha256(to_json(columns_of(row, noun)).encode()).hexdigest()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def look_before(held: Iterable[Held]) -> Before:
    """All rows as they are, before a plan changes them in memory."""
    found: dict[tuple[str, UUID], Columns] = {}
    for each in held:
        rows: list[tuple[str, Product | Sku | ProductImage]] = [
            *([("product", each.product)] if each.product else []),
            *((noun, sku) for sku in each.skus for noun in ("sku", "price")),
            *(("image", image) for image in each.images),
        ]
        for noun, row in rows:
            found[noun, row.id] = columns_of(row, noun)
    return found


def keep_changes(
    run_id: UUID, plans: Sequence[ProductPlan], before: Before, stock: Mapping[UUID, tuple[int, int]]
) -> None:
    """Write what the plans change, in the transaction that does it; `stock`: SKU → (before, after)."""
    product_of = {sku_id: plan.product.id for plan in plans for sku_id in plan.stock}
    rows = [change for plan in plans if plan.changed for change in _of_plan(plan, before)]
    rows += [
        ImportChange(
            noun="stock",
            row_id=sku_id,
            product_id=product_of[sku_id],
            before={"on_hand": old},
            after={"on_hand": new},
        )
        for sku_id, (old, new) in stock.items()
        if old != new
    ]
    if not rows:
        return
    place = ImportRun.objects.values_list("change_total", flat=True).get(pk=run_id)
    for position, row in enumerate(rows, place + 1):
        row.run_id, row.position = run_id, position
    ImportChange.objects.bulk_create(rows, 1000)
    ImportRun.objects.filter(pk=run_id).update(change_total=F("change_total") + len(rows))


def _of_plan(plan: ProductPlan, before: Before) -> Iterator[ImportChange]:
    """Of a new product one row: its SKUs and pictures go where it goes."""
    product_id = plan.product.id
    if plan.is_new:
        after = digest_of(plan.product, "product")
        yield ImportChange(noun="product", row_id=product_id, product_id=product_id, after=after)
        return
    made: list[tuple[str, models.Model]] = [
        *(("sku", sku) for sku in plan.new_skus),
        *(("image", image) for image in plan.new_images),
    ]
    for noun, row in made:
        yield ImportChange(noun=noun, row_id=row.pk, product_id=product_id, after=digest_of(row, noun))
    changed: list[tuple[str, models.Model]] = [
        ("product", plan.product),
        *(("sku", sku) for sku in plan.changed_skus),
        *(("price", priced.sku) for priced in plan.priced),
        *(("image", image) for image in plan.changed_images),
    ]
    for noun, row in changed:
        old, new = before[noun, row.pk], columns_of(row, noun)
        differ = [name for name in new if old[name] != new[name]]
        if differ:
            yield ImportChange(
                noun=noun,
                row_id=row.pk,
                product_id=product_id,
                before={name: old[name] for name in differ},
                after={name: new[name] for name in differ},
            )
