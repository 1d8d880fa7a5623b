"""Cancelling before shipping, against packing and against itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, AfterSaleLine
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.aftersales.refusals import AlreadyShipped, CancelReasonUnknown, OrderNotCancellable
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import open_refund, sweep_refunds
from tongdao.trade.payments.refusals import RefundExceedsPaid
from tongdao.trade.shipping.operations import pack_parcel


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((9_990,))
    sandbox.connect(made)
    return made


@pytest.fixture
def order(shop: Shop, sandbox: PaySandbox) -> Order:
    request = a_request(shop, 2)
    placed = place_one(request, shop)
    sandbox.pay(sandbox.open(shop, placed, request.person_id))
    with merchant_scope(shop.merchant_id):
        return Order.objects.get(pk=placed.order_ids[0])


def attempt_in_thread(shop: Shop, act: str, order: Order) -> str:
    """What happened: "cancel", "pack" or the refusal's code."""
    try:
        with merchant_scope(shop.merchant_id):
            if act == "cancel":
                cancel_order(order.id, reason="changed_mind", actor=SYSTEM)
            else:
                pack_parcel(order.id, "all", "shunfeng", "SF1234567890", actor=SYSTEM)
    except Refusal as refusal:
        return refusal.code
    finally:
        connections.close_all()
    return act


@pytest.mark.parametrize("acts", [("cancel", "pack"), ("pack", "cancel"), ("cancel", "cancel")])
def test_of_cancelling_and_packing_exactly_one_wins(shop: Shop, order: Order, acts: tuple[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda act: attempt_in_thread(shop, act, order), acts))
    with merchant_scope(shop.merchant_id):
        state, refunds = Order.objects.get().state, Refund.objects.count()
    if "pack" in done:
        assert (state, refunds, sorted(done)) == ("paid", 0, ["already_shipped", "pack"])
    else:
        assert (state, refunds) == ("cancelled", 1)
    assert_ledger_sound(shop.merchant_id)


def test_a_settled_refund_settles_the_case(shop: Shop, order: Order, sandbox: PaySandbox) -> None:
    with merchant_scope(shop.merchant_id):
        cancel_order(order.id, reason="too_slow", actor=SYSTEM)
        assert AfterSaleLine.objects.get().refund_fen == 19_980
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    while run_pending() or deliver_pending():
        continue
    with merchant_scope(shop.merchant_id):
        assert AfterSale.objects.get().state == "settled"


def test_what_cannot_be_cancelled_says_why(shop: Shop, order: Order) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(CancelReasonUnknown):
        cancel_order(order.id, reason="because", actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        pack_parcel(order.id, "all", "shunfeng", "SF1234567890", actor=SYSTEM)
    with merchant_scope(shop.merchant_id), pytest.raises(AlreadyShipped):
        cancel_order(order.id, reason="other", actor=SYSTEM)
    unpaid = place_one(a_request(shop), shop)
    with merchant_scope(shop.merchant_id), pytest.raises(OrderNotCancellable):
        cancel_order(unpaid.order_ids[0], reason="other", actor=SYSTEM)


def test_no_more_is_refunded_than_was_paid(shop: Shop, order: Order) -> None:
    with merchant_scope(shop.merchant_id):
        cancel_order(order.id, reason="other", actor=SYSTEM)
    with merchant_scope(shop.merchant_id), pytest.raises(RefundExceedsPaid):
        open_refund(
            PaymentAttempt.objects.get(),
            order=None,
            person_id=order.person_id,
            amount=order.total_fen,
            reason="again",
            actor=SYSTEM,
        )
