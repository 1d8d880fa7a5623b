"""What visitors can see and buy."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations.licensing import check_may_sell


def set_published(product_id: UUID, published: bool, *, actor: Actor) -> Product:
    """Show a product, or take it out of the shop. Orders that have it go on.

    Raises NotFound, or LicenceMissing or NumberMissing for goods that may not be sold.
    """
    if published:
        _check(product_id)
    changed = Product.objects.filter(pk=product_id).exclude(published=published)
    return _tell(product_id, changed.update(published=published, version=F("version") + 1), actor)


def set_saleable(sku_id: UUID, saleable: bool, *, actor: Actor) -> Product:
    """Let a SKU be bought, or not. Raises NotFound, LicenceMissing or NumberMissing."""
    sku = Sku.objects.filter(pk=sku_id, archived=False).first()
    if sku is None:
        raise NotFound()
    if saleable:
        _check(sku.product_id)
    rows = Sku.objects.filter(pk=sku_id).exclude(saleable=saleable, held_for="")
    changed = rows.update(saleable=saleable, held_for="")
    if changed:
        Product.objects.filter(pk=sku.product_id).update(version=F("version") + 1)
    return _tell(sku.product_id, changed, actor)


def _check(product_id: UUID) -> None:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    check_may_sell(product)


def _tell(product_id: UUID, changed: int, actor: Actor) -> Product:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    if changed:
        record(ProductUpdated(source=Code("console")), subject=product, actor=actor)
    return product
