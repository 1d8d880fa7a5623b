"""Weights that come with a file, and weights that staff have typed."""

from __future__ import annotations

import io

from tests.support.builders import Shop, make_shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations import set_size
from tongdao.goods.intake.operations import import_products


def bring_in(shop: Shop, grams: str) -> Sku:
    text = f"Handle,Title,Variant Price,Variant Grams\ntea,云雾,12.00,{grams}\n"
    import_products(shop.merchant_id, io.BytesIO(text.encode()), currency="CNY", actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        return Sku.objects.get(product__handle="tea")


def test_a_file_brings_weights_and_one_without_takes_none_away() -> None:
    shop = make_shop(())
    sku = bring_in(shop, "28.5")
    assert (sku.weight_g, sku.volume_cm3) == (29, 0)
    with merchant_scope(shop.merchant_id):
        set_size(sku.id, weight_g=40, volume_cm3=90, actor=shop.owner)
    sku = bring_in(shop, "")
    assert (sku.weight_g, sku.volume_cm3) == (40, 90)
    sku = bring_in(shop, "55")
    assert (sku.weight_g, sku.volume_cm3) == (55, 90)
