"""Weight and volume of a SKU."""

from __future__ import annotations

import pytest

from tests.support.builders import make_shop
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_size
from tongdao.goods.catalog.queries import sku_facts
from tongdao.goods.catalog.refusals import SizeInvalid


def test_a_size_is_told_and_read_and_the_same_again_changes_nothing() -> None:
    shop = make_shop()
    sku_id = shop.skus[0]
    with merchant_scope(shop.merchant_id):
        before = Product.objects.get().version
        for _ in range(2):
            set_size(sku_id, weight_g=350, volume_cm3=1_200, actor=shop.owner)
        facts = sku_facts([sku_id])[sku_id]
        assert (facts.weight_g, facts.volume_cm3) == (350, 1_200)
        assert Product.objects.get().version == before + 1
        event = Event.objects.get(name="product.updated")
        assert event.old and event.new
        assert (event.old["weight_g"], event.new["weight_g"]) == (0, 350)


@pytest.mark.parametrize(("weight", "volume"), [(-1, 0), (0, -1), (10_000_001, 0), (0, 100_000_001)])
def test_a_size_that_none_can_have_is_refused(weight: int, volume: int) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(SizeInvalid):
        set_size(shop.skus[0], weight_g=weight, volume_cm3=volume, actor=shop.owner)


def test_a_sku_that_is_not_there_has_no_size() -> None:
    shop, other = make_shop(), make_shop()
    with merchant_scope(shop.merchant_id):
        for sku_id in (uuid7(), other.skus[0]):
            with pytest.raises(NotFound):
                set_size(sku_id, weight_g=1, volume_cm3=1, actor=shop.owner)
