"""Refunded units whose parcel comes to nothing, gifts, freight that the shop keeps: how such orders end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.faces.console.support import paid_order
from tests.support.builders import Shop, make_shop
from tests.support.complaining import sold
from tests.support.promoting import running
from tests.trade.payments.test_loop import balances
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.events import timeline
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.operations import set_size
from tongdao.goods.inventory.models import Reservation, Stock
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft, create_template
from tongdao.terms.promotions.operations import create_gift
from tongdao.trade.aftersales.operations import cancel_order, grant_case, refund_lines
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.payments.gateways import RefundNotice
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations import record_refund
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import cancel_parcel, pack_parcel

PRICE = 12_800


def ship(shop: Shop, order_id: UUID) -> UUID:
    with merchant_scope(shop.merchant_id):
        waybill = f"SF{uuid7().int % 10**10:010d}"
        return pack_parcel(order_id, "all", "shunfeng", waybill, actor=SYSTEM).parcel_id


def give(shop: Shop, order_id: UUID, units: int, freight: str = "none") -> UUID:
    with merchant_scope(shop.merchant_id):
        line = OrderLine.objects.get(order_id=order_id, paid_fen__gt=0)
        return refund_lines(order_id, {line.id: units}, freight=freight, reason="other", actor=SYSTEM).id


def take_back(shop: Shop, parcel_id: UUID) -> None:
    with merchant_scope(shop.merchant_id):
        assert cancel_parcel(parcel_id, actor=SYSTEM) == "void"


def stocked(shop: Shop) -> set[tuple[int, int]]:
    return set(Stock.objects.values_list("on_hand", "reserved"))


def test_refunded_units_of_a_parcel_that_comes_back_are_not_shipped_again() -> None:
    shop = make_shop()
    order_id = paid_order(shop, 3)
    parcel_id = ship(shop, order_id)
    give(shop, order_id, 1)
    with merchant_scope(shop.merchant_id):
        assert stocked(shop) == {(7, 0)}, "it is with the carrier"
    take_back(shop, parcel_id)
    with merchant_scope(shop.merchant_id):
        allocation = Allocation.objects.get()
        assert (allocation.packed, allocation.cancelled) == (0, 1)
        assert stocked(shop) == {(10, 2)}
        assert Order.objects.get().state == "paid"
    ship(shop, order_id)
    with merchant_scope(shop.merchant_id):
        assert stocked(shop) == {(8, 0)}
        assert Reservation.objects.get().state == "consumed"


def test_an_order_refunded_whole_ends_when_its_parcel_comes_back() -> None:
    shop = make_shop()
    order_id = paid_order(shop, 2)
    parcel_id = ship(shop, order_id)
    case_id = give(shop, order_id, 2)
    take_back(shop, parcel_id)
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get()
        assert (order.state, order.close_reason, order.confirm_by) == ("cancelled", "buyer", None)
        assert order.release_at is None, "nobody has a share of it any more"
        assert stocked(shop) == {(10, 0)}
        assert "order.cancelled" in [event.name for event in timeline(order)]
        assert cancel_order(order_id, reason="other", actor=SYSTEM).id == case_id
        assert Refund.objects.count() == 1
    assert balances(shop) == {"external.buyer": -2 * PRICE, "refund_due": 2 * PRICE}


def test_freight_that_the_shop_keeps_is_due_to_it_when_the_order_ends() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        set_size(shop.skus[0], weight_g=1_500, volume_cm3=0, actor=shop.owner)
        draft = TemplateDraft("快递", (RuleDraft((), first_fee_fen=600, step_fee_fen=250),))
        create_template(draft, actor=shop.owner)
    order_id = paid_order(shop, 1)
    parcel_id = ship(shop, order_id)
    give(shop, order_id, 1)
    take_back(shop, parcel_id)
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get()
        assert order.freight_fen > 0
        assert (order.state, order.released_at) == ("cancelled", None)
    with merchant_scope(shop.merchant_id):
        record_refund(RefundNotice(Refund.objects.get().refund_no, "succeeded"), actor=CHANNEL)
    while run_pending() or deliver_pending():
        continue
    sweep_release(clock.now() + timedelta(minutes=1), limit=100_000)
    found = balances(shop)
    assert "held.seller" not in found
    assert found["released.seller"] + found.get("channel_fee", 0) == order.freight_fen
    assert_ledger_sound(shop.merchant_id)


def test_gifts_go_with_the_last_unit_that_cost_something() -> None:
    shop = make_shop((PRICE, 3_000))
    with merchant_scope(shop.merchant_id):
        gift = {"title": "满赠", "sku_id": shop.skus[1], "gift_units": 1, "threshold_fen": Fen(PRICE)}
        create_gift(**running(**gift), actor=shop.owner)
    order_id = paid_order(replace(shop, skus=shop.skus[:1]), 2)
    with merchant_scope(shop.merchant_id):
        assert OrderLine.objects.filter(order_id=order_id).count() == 2
    give(shop, order_id, 1)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get().state == "paid"
    give(shop, order_id, 1)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get().state == "cancelled"
        assert stocked(shop) == {(10, 0)}, "the gift is free too"


def test_money_back_for_what_arrived_leaves_the_rest_to_be_shipped() -> None:
    """One of three has arrived, and its buyer has the money back: two are still owed, and they leave."""
    sale = sold(arrived=False)
    sale.pack(1)
    sale.arrive()
    case = sale.ask("refund_only", "quality")
    sale.do(grant_case, case)
    with merchant_scope(sale.earner.shop.merchant_id):
        allocation = Allocation.objects.get(line__order_id=sale.order_id)
    assert (allocation.quantity, allocation.packed, allocation.cancelled) == (3, 1, 0)
    assert sale.stock()[1] == 2
    sale.pack()
    with merchant_scope(sale.earner.shop.merchant_id):
        allocation.refresh_from_db()
    assert (allocation.packed, allocation.cancelled, sale.stock()[1]) == (3, 0, 0)


def test_money_back_for_what_did_not_arrive_is_not_shipped_again() -> None:
    """Two of three left and one of them is refunded as not received; then their parcel comes to nothing."""
    sale = sold(arrived=False)
    sale.pack(2)
    case = sale.ask("refund_only", "not_received")
    sale.do(grant_case, case)
    with merchant_scope(sale.earner.shop.merchant_id):
        parcel_id = Parcel.objects.get(order_id=sale.order_id).id
        assert Allocation.objects.get(line__order_id=sale.order_id).cancelled == 0
    take_back(sale.earner.shop, parcel_id)
    with merchant_scope(sale.earner.shop.merchant_id):
        allocation = Allocation.objects.get(line__order_id=sale.order_id)
    assert (allocation.packed, allocation.cancelled, sale.stock()[1]) == (0, 1, 2)
    sale.pack(2)
    assert sale.stock()[1] == 0
