"""Orders that the buyer pays the sending of."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations import set_size
from tongdao.terms.agreements.operations import (
    RuleDraft,
    TemplateDraft,
    assign_products,
    change_template,
    create_template,
)
from tongdao.terms.agreements.refusals import NotDelivered
from tongdao.trade.orders.models import Order, OrderLine, WaterfallShare

NEAR = RuleDraft(("3301",), first_fee_fen=600, step_fee_fen=250, free_from_fen=50_000)
DRAFT = TemplateDraft("快递", (NEAR, RuleDraft((), not_served=True)))


@pytest.fixture
def shop() -> Shop:
    """Two goods of 1.5 kg each; the second is sent under a template of its own."""
    made = make_shop((12_800, 3_000))
    with merchant_scope(made.merchant_id):
        for sku_id in made.skus:
            set_size(sku_id, weight_g=1_500, volume_cm3=0, actor=made.owner)
        create_template(DRAFT, actor=made.owner)
    return made


def product_of(sku_id: UUID) -> UUID:
    return Sku.objects.get(pk=sku_id).product_id


def test_the_order_pays_the_parcel_and_every_fen_of_it_is_shared_out(shop: Shop) -> None:
    order_id = place_one(a_request(shop), shop).order_ids[0]  # 3 kg to Hangzhou
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get(pk=order_id)
        assert (order.goods_fen, order.freight_fen, order.total_fen) == (15_800, 1_100, 16_900)
        lines = OrderLine.objects.filter(order=order)
        assert sorted(line.freight_fen for line in lines) == [550, 550]
        shares = WaterfallShare.objects.filter(line__order=order).values_list("amount_fen", flat=True)
        assert sum(shares) == order.total_fen


def test_enough_goods_go_free(shop: Shop) -> None:
    order_id = place_one(a_request(shop, 4), shop).order_ids[0]
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get(pk=order_id).freight_fen == 0


def test_a_product_of_its_own_template_pays_its_own_freight(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        dear = replace(DRAFT, rules=(replace(NEAR, first_fee_fen=5_000),))
        own = create_template(dear, actor=shop.owner)
        assign_products(own.id, [product_of(shop.skus[1])], actor=shop.owner)
    order_id = place_one(a_request(shop), shop).order_ids[0]
    with merchant_scope(shop.merchant_id):
        freight = OrderLine.objects.filter(order_id=order_id).values_list("sku_id", "freight_fen")
        assert dict(freight) == {shop.skus[0]: 850, shop.skus[1]: 5_250}


def test_what_is_not_delivered_there_is_refused_with_its_skus(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        elsewhere = replace(DRAFT, rules=(RuleDraft(("11",), first_fee_fen=1),))
        assign_products(
            create_template(elsewhere, actor=shop.owner).id, [product_of(shop.skus[1])], actor=shop.owner
        )
    with pytest.raises(NotDelivered) as refused:
        place_one(a_request(shop), shop)
    assert refused.value.details == {"skus": [str(shop.skus[1])]}
    with merchant_scope(shop.merchant_id):
        assert not Order.objects.exists()


def test_placed_orders_keep_their_freight(shop: Shop) -> None:
    order_id = place_one(a_request(shop), shop).order_ids[0]
    with merchant_scope(shop.merchant_id):
        template = create_template(DRAFT, actor=shop.owner)
        change_template(template.id, replace(DRAFT, rules=(RuleDraft(()),)), actor=shop.owner)
        assert Order.objects.get(pk=order_id).freight_fen == 1_100
