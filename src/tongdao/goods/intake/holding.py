"""What the shop has already of the products that a chunk of a file names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, models

from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.importing import ParsedProduct
from tongdao.goods.catalog.models import Product, ProductImage, Sku

LOCK_WAIT = "60s"  # for another import's chunk; row locks keep the role's own, shorter limit


@dataclass(frozen=True, slots=True)
class Held:
    """One product with its rows; no product where it is new."""

    product: Product | None = None
    skus: Sequence[Sku] = ()
    images: Sequence[ProductImage] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """`held` by handle; `owners`: which product (handle) has a SKU code."""

    held: Mapping[str, Held] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


def look(products: Iterable[ParsedProduct]) -> Shelf:
    """Four queries, whatever the number of products."""
    parsed = list(products)
    codes = {variant.sku_code for each in parsed for variant in each.variants if variant.sku_code}
    found = list(Product.objects.filter(handle__in=[each.handle for each in parsed]))
    ids = [product.id for product in found]
    skus: dict[UUID, list[Sku]] = defaultdict(list)
    for sku in Sku.objects.filter(product_id__in=ids).order_by("position", "id"):
        skus[sku.product_id].append(sku)
    images: dict[UUID, list[ProductImage]] = defaultdict(list)
    for image in ProductImage.objects.filter(product_id__in=ids).order_by("position", "id"):
        images[image.product_id].append(image)
    owners = Sku.objects.filter(code__in=codes).values_list("code", "product__handle")
    held = {each.handle: Held(each, skus[each.id], images[each.id]) for each in found}
    return Shelf(held, dict(owners))


def lock_held(held: Iterable[Held]) -> None:
    """Lock what will be written: SKUs, then images, then products, as every writer of the catalogue does."""
    rows = [each for each in held if each.product]
    _lock(Sku, [sku.id for each in rows for sku in each.skus])
    _lock(ProductImage, [image.id for each in rows for image in each.images])
    _lock(Product, [each.product.id for each in rows if each.product])


def _lock(model: type[models.Model], ids: list[UUID]) -> None:
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


def one_chunk_at_a_time() -> None:
    """Chunks of all imports of the merchant follow each other; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('lock_timeout')")
        usual = cursor.fetchone()[0]
        cursor.execute("select set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        key = f"catalog_import:{current_merchant()}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        cursor.execute("select set_config('lock_timeout', %s, true)", [usual])
