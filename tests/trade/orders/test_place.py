"""Placing: stock, keys, money and everything that must be written with them."""

from __future__ import annotations

import pytest

from tests.support.builders import a_request, make_shop, place_one
from tongdao.foundation.events import Event
from tongdao.foundation.idempotency import DuplicateRequest
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Reservation, Stock
from tongdao.trade.orders.models import Allocation, Order, OrderLine, PaymentSchedule, WaterfallShare
from tongdao.trade.orders.operations import Placed, place
from tongdao.trade.orders.refusals import OutOfStock, TotalChanged


def test_place_writes_the_whole_shape_of_an_order() -> None:
    shop = make_shop((12_800, 4_500))
    placed = place_one(a_request(shop, 2), shop)
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get(pk=placed.order_ids[0])
        lines = list(OrderLine.objects.filter(order=order).order_by("position"))
        assert [line.paid_fen for line in lines] == [25_600, 9_000]
        assert order.total_fen == placed.total_fen == 34_600
        assert PaymentSchedule.objects.get(purchase_id=placed.purchase_id).amount_fen == 34_600
        for line in lines:
            shares = WaterfallShare.objects.filter(line=line).values_list("amount_fen", flat=True)
            assert sum(shares) == line.paid_fen + line.freight_fen
            allocation = Allocation.objects.get(line=line)
            assert Reservation.objects.get(pk=allocation.id).quantity == allocation.quantity == 2
        assert list(Stock.objects.values_list("reserved", flat=True)) == [2, 2]
        assert Event.objects.filter(name="order.placed", subject_id=order.id).count() == 1


def test_a_batch_is_decided_in_its_order_of_arrival() -> None:
    shop = make_shop(stock=3)
    answers = place(shop.merchant_id, [a_request(shop, units) for units in (2, 2, 1)])
    assert [isinstance(answer, Placed) for answer in answers] == [True, False, True]
    refused = answers[1]
    assert isinstance(refused, OutOfStock)
    assert refused.details["skus"] == [{"sku": str(shop.skus[0]), "available": 1}]
    with merchant_scope(shop.merchant_id):
        assert Stock.objects.get().reserved == 3


def test_the_same_key_gives_the_first_answer_also_inside_one_batch() -> None:
    shop = make_shop()
    request = a_request(shop, 2)
    first, twin = place(shop.merchant_id, [request, request])
    again = place_one(request, shop)
    assert isinstance(first, Placed) and isinstance(twin, Placed)
    assert {first.purchase_id, twin.purchase_id, again.purchase_id} == {first.purchase_id}
    assert again.repeated and twin.repeated and not first.repeated
    with merchant_scope(shop.merchant_id):
        assert Order.objects.count() == 1


def test_the_same_key_for_something_else_is_refused() -> None:
    shop = make_shop()
    request = a_request(shop, 2)
    place_one(request, shop)
    with pytest.raises(DuplicateRequest):
        place_one(a_request(shop, 1, person_id=request.person_id, key=request.key), shop)


def test_another_total_than_the_one_seen_is_refused_and_told() -> None:
    shop = make_shop()
    with pytest.raises(TotalChanged) as refused:
        place_one(a_request(shop, quote_version="0" * 16), shop)
    assert refused.value.details["total_fen"] == 12_800
    seen = refused.value.details["quote_version"]
    assert place_one(a_request(shop, quote_version=seen), shop).total_fen == 12_800
