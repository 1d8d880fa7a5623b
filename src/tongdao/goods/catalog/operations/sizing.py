"""What one unit weighs and how much room it takes when it is sent; freight stands on it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.refusals import SizeInvalid

MOST_G = 10_000_000
MOST_CM3 = 100_000_000


def set_size(sku_id: UUID, *, weight_g: int, volume_cm3: int, actor: Actor) -> Sku:
    """One unit weighs and measures this from now on, packed. The same again changes nothing.

    Raises NotFound or SizeInvalid.
    """
    if not (0 <= weight_g <= MOST_G and 0 <= volume_cm3 <= MOST_CM3):
        raise SizeInvalid()
    sku = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(pk=sku_id).first()
    if sku is None:
        raise NotFound()
    if (sku.weight_g, sku.volume_cm3) == (weight_g, volume_cm3):
        return sku
    old = {"weight_g": sku.weight_g, "volume_cm3": sku.volume_cm3}
    sku.weight_g, sku.volume_cm3 = weight_g, volume_cm3
    sku.save(update_fields=["weight_g", "volume_cm3"])
    Product.objects.filter(pk=sku.product_id).update(version=F("version") + 1)
    record(
        ProductUpdated(source=Code("console")),
        subject=sku.product,
        actor=actor,
        old=old,
        new={"weight_g": weight_g, "volume_cm3": volume_cm3},
    )
    return sku
