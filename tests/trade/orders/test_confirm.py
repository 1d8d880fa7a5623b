"""The timer of receipt: what is due is confirmed by itself, what is not stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.operations import complete_order, set_confirm_deadline, sweep_confirm
from tongdao.trade.orders.operations.completing import confirm_if_due, hold_confirm, resume_confirm
from tongdao.trade.orders.refusals import NothingArrived, OrderNotPaid


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


def paid(shop: Shop, sandbox: PaySandbox) -> Order:
    request = a_request(shop)
    placed = place_one(request, shop)
    sandbox.pay(sandbox.open(shop, placed, request.person_id))
    with merchant_scope(shop.merchant_id):
        return Order.objects.get(pk=placed.order_ids[0])


def test_the_timer_confirms_what_is_due_and_nothing_else(sandbox: PaySandbox) -> None:
    shop = make_shop((5_000,))
    sandbox.connect(shop)
    due, later = paid(shop, sandbox), paid(shop, sandbox)
    with merchant_scope(shop.merchant_id):
        lock_rows(Rank.ORDER, Order, [due.id, later.id])
        set_confirm_deadline(due.id, clock.now() + timedelta(days=10))
        set_confirm_deadline(later.id, clock.now() + timedelta(days=12))
    sweep_confirm(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        assert {order.state for order in Order.objects.all()} == {"paid"}
    with clock.shifted(timedelta(days=11)):
        sweep_confirm(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        due.refresh_from_db()
        later.refresh_from_db()
        assert (due.state, later.state) == ("completed", "paid")


def test_a_sweep_that_looked_before_the_buyer_complained_confirms_nothing(sandbox: PaySandbox) -> None:
    """Due when the sweep read it, held when its turn came."""
    shop = make_shop((5_000,))
    sandbox.connect(shop)
    order = paid(shop, sandbox)
    with merchant_scope(shop.merchant_id):
        lock_rows(Rank.ORDER, Order, [order.id])
        set_confirm_deadline(order.id, clock.now() - timedelta(days=1))
        hold_confirm(order.id)
        confirm_if_due(order.id, clock.now())
        order.refresh_from_db()
        assert order.state == "paid"
        resume_confirm(order.id)
        confirm_if_due(order.id, clock.now())
        order.refresh_from_db()
        assert order.state == "completed"


def test_receipt_needs_payment_and_shipping(sandbox: PaySandbox) -> None:
    shop = make_shop((5_000,))
    sandbox.connect(shop)
    unpaid = place_one(a_request(shop), shop).order_ids[0]
    with merchant_scope(shop.merchant_id), pytest.raises(OrderNotPaid):
        complete_order(unpaid, actor=SYSTEM)
    order = paid(shop, sandbox)
    with merchant_scope(shop.merchant_id), pytest.raises(NothingArrived):
        complete_order(order.id, actor=SYSTEM)
