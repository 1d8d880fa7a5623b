"""A channel that loses, delays and fails: the money still ends where it belongs."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.chart import REFUND_DUE
from tongdao.finance.ledger.queries import balance
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import ScopeNested, merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.merchants.operations import current_account
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.gateways import Credentials, GatewayRefused, RefundNotice, gateway_for
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import (
    close_purchase,
    record_refund,
    refresh_purchase,
    retry_refund,
    start_payment,
    sweep_attempts,
    sweep_refunds,
    sweep_unpaid,
)
from tongdao.trade.payments.refusals import PaymentNotPossible, PaymentUnavailable


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((5_000,))
    sandbox.connect(made)
    return made


def only_order(shop: Shop) -> Order:
    with merchant_scope(shop.merchant_id):
        return Order.objects.get()


def test_a_lost_notification_is_found_by_asking(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    trade_no = sandbox.open(shop, placed, request.person_id)
    sandbox.control("/modes", scope="order", key=trade_no, mode={"notification": "lost"})
    sandbox.pay(trade_no)
    assert only_order(shop).state == "placed"
    with clock.shifted(timedelta(seconds=30)):
        sweep_attempts(clock.now(), 100_000)
    assert only_order(shop).state == "paid"


def test_a_buyer_who_is_back_need_not_wait_for_the_notification(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    trade_no = sandbox.open(shop, placed, request.person_id)
    sandbox.control("/modes", scope="order", key=trade_no, mode={"notification": "lost"})
    sandbox.pay(trade_no)
    refresh_purchase(shop.merchant_id, placed.purchase_id)
    assert only_order(shop).state == "paid"


def test_paid_while_it_was_being_closed_counts_as_paid(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    trade_no = sandbox.open(shop, placed, request.person_id)
    mode = {"notification": "lost", "close_race": "paid_before_close"}
    sandbox.control("/modes", scope="order", key=trade_no, mode=mode)
    assert not close_purchase(shop.merchant_id, placed.purchase_id, reason="buyer", actor=SYSTEM)
    assert only_order(shop).state == "paid"
    with merchant_scope(shop.merchant_id):
        assert Stock.objects.get().reserved == 1


def test_two_payments_for_one_purchase_give_one_back(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    first = sandbox.open(shop, placed, request.person_id, "h5")
    second = sandbox.open(shop, placed, request.person_id, "native")
    sandbox.pay(first)
    sandbox.pay(second)
    with merchant_scope(shop.merchant_id):
        refund = Refund.objects.get()
        assert (refund.reason, refund.amount_fen) == ("double_payment", 5_000)
        assert Order.objects.get().state == "paid"


def test_an_open_attempt_of_a_paid_purchase_is_closed_at_the_channel(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    first = sandbox.open(shop, placed, request.person_id, "h5")
    second = sandbox.open(shop, placed, request.person_id, "native")
    sandbox.pay(first)
    with clock.shifted(timedelta(seconds=30)):
        sweep_attempts(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        assert PaymentAttempt.objects.get(trade_no=second).state == "closed"


def test_an_attempt_that_never_reached_the_channel_ends_when_another_is_paid(
    shop: Shop, sandbox: PaySandbox
) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    first = sandbox.open(shop, placed, request.person_id, "h5")
    sandbox.stop(signal.SIGKILL)
    try:
        with pytest.raises(PaymentUnavailable):
            start_payment(shop.merchant_id, placed.purchase_id, "native", person_id=request.person_id)
    finally:
        sandbox.start()
    sandbox.pay(first)
    with merchant_scope(shop.merchant_id):
        assert PaymentAttempt.objects.get(product="native").state == "created"
    with clock.shifted(timedelta(seconds=30)):
        sweep_attempts(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        assert PaymentAttempt.objects.get(product="native").state == "closed"


def test_a_channel_that_is_away_holds_everything_until_it_is_back(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    sandbox.open(shop, placed, request.person_id)
    sandbox.stop(signal.SIGKILL)
    try:
        with pytest.raises(PaymentUnavailable):
            start_payment(shop.merchant_id, placed.purchase_id, "native", person_id=request.person_id)
        with clock.shifted(timedelta(minutes=31)):
            sweep_unpaid(clock.now(), 100_000)
        assert only_order(shop).state == "closing"
        with merchant_scope(shop.merchant_id):
            assert Stock.objects.get().reserved == 1
    finally:
        sandbox.start()
    with clock.shifted(timedelta(minutes=32)):
        sweep_unpaid(clock.now(), 100_000)
    assert only_order(shop).state == "closed"


def test_a_closed_purchase_takes_no_new_payment(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    assert close_purchase(shop.merchant_id, placed.purchase_id, reason="buyer", actor=SYSTEM)
    with pytest.raises(PaymentNotPossible):
        start_payment(shop.merchant_id, placed.purchase_id, "h5", person_id=request.person_id)


def test_a_refund_that_the_channel_cannot_pay_waits_for_staff(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    sandbox.pay(sandbox.open(shop, place_one(request, shop), request.person_id))
    with merchant_scope(shop.merchant_id):
        refund = cancel_order(Order.objects.get().id, reason="other", actor=SYSTEM).refund
    sandbox.control("/modes", scope="refund", key=refund.refund_no, mode={"refund_outcome": "ABNORMAL"})
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    with merchant_scope(shop.merchant_id):
        refund.refresh_from_db()
        assert refund.state == "failed"
        retry_refund(refund.id, actor=shop.owner)
        refund.refresh_from_db()
        assert refund.state == "requested"


def test_a_refund_that_the_channel_closed_is_sent_again_under_another_number(
    shop: Shop, sandbox: PaySandbox
) -> None:
    request = a_request(shop)
    sandbox.pay(sandbox.open(shop, place_one(request, shop), request.person_id))
    with merchant_scope(shop.merchant_id):
        refund = cancel_order(Order.objects.get().id, reason="other", actor=SYSTEM).refund
    closed = refund.refund_no
    sandbox.control("/modes", scope="refund", key=closed, mode={"refund_outcome": "CLOSED"})
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    with merchant_scope(shop.merchant_id):
        refund.refresh_from_db()
        assert (refund.state, refund.problem) == ("failed", "channel_closed")
        retry_refund(refund.id, actor=shop.owner)
    sweep_refunds(clock.now() + timedelta(minutes=1), 100_000)
    sandbox.control("/flush")
    with merchant_scope(shop.merchant_id):
        refund.refresh_from_db()
        assert (refund.state, refund.problem) == ("succeeded", "") and refund.refund_no != closed
        trade_no = refund.attempt.trade_no
    kept = sandbox.rows(f"/refunds?out_trade_no={trade_no}")
    assert {row["out_refund_no"]: row["status"] for row in kept} == {
        closed: "CLOSED",
        refund.refund_no: "SUCCESS",
    }


def test_the_gateway_is_never_called_inside_a_scope(shop: Shop, sandbox: PaySandbox) -> None:
    with merchant_scope(shop.merchant_id):
        gateway = gateway_for(Credentials.of(current_account()))
        with pytest.raises(ScopeNested):
            gateway.query("0123456789")


def test_a_dead_channel_costs_one_try_a_sweep_and_the_refunds_go_out_later(
    shop: Shop, sandbox: PaySandbox
) -> None:
    for _ in range(3):
        request = a_request(shop)
        placed = place_one(request, shop)
        sandbox.pay(sandbox.open(shop, placed, request.person_id))
        with merchant_scope(shop.merchant_id):
            cancel_order(placed.order_ids[0], reason="other", actor=SYSTEM)
    sandbox.stop(signal.SIGKILL)
    try:
        sweep_refunds(clock.now(), 100_000)
        with merchant_scope(shop.merchant_id):
            told = Refund.objects.order_by("tries").values_list("tries", "problem")
            assert list(told) == [(0, ""), (0, ""), (1, "unreachable")]
    finally:
        sandbox.start()
    with clock.shifted(timedelta(minutes=1)):
        sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    with merchant_scope(shop.merchant_id):
        assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}


def test_a_wrong_amount_is_told_once_a_look_and_not_with_every_sweep(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    trade_no = sandbox.open(shop, place_one(request, shop), request.person_id)
    sandbox.control("/modes", scope="order", key=trade_no, mode={"notification": "lost"})
    with merchant_scope(shop.merchant_id):
        PaymentAttempt.objects.update(amount_fen=4_999)  # as if the channel had taken more than we asked
    sandbox.pay(trade_no)
    with clock.shifted(timedelta(seconds=30)):
        for _ in range(3):
            sweep_attempts(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        assert Event.objects.filter(name="payment.mismatched").count() == 1
        assert PaymentAttempt.objects.get().state == "open"


def test_a_channel_that_refuses_to_close_does_not_keep_the_goods(shop: Shop, sandbox: PaySandbox) -> None:
    """After the channel's own expiry nobody can pay there: its refusal holds nothing up any more."""
    request = a_request(shop)
    placed = place_one(request, shop)
    sandbox.open(shop, placed, request.person_id)
    with merchant_scope(shop.merchant_id):
        MerchantAccount.objects.update(certificate_serial="0" * 40)  # revoked keys
    with pytest.raises(GatewayRefused):
        close_purchase(shop.merchant_id, placed.purchase_id, reason="buyer", actor=SYSTEM)
    assert only_order(shop).state == "closing"
    with clock.shifted(timedelta(minutes=31)):
        sweep_unpaid(clock.now(), 100_000)
    assert only_order(shop).state == "closed"
    with merchant_scope(shop.merchant_id):
        assert Stock.objects.get().reserved == 0


def test_a_refund_that_failed_and_was_then_put_right_at_the_channel_is_paid_back(
    shop: Shop, sandbox: PaySandbox
) -> None:
    request = a_request(shop)
    sandbox.pay(sandbox.open(shop, place_one(request, shop), request.person_id))
    with merchant_scope(shop.merchant_id):
        refund = cancel_order(Order.objects.get().id, reason="other", actor=SYSTEM).refund
    told: Sequence[Literal["failed", "succeeded"]] = ("failed", "succeeded", "succeeded", "failed")
    for state in told:
        with merchant_scope(shop.merchant_id):
            record_refund(RefundNotice(refund.refund_no, state, "5030"), actor=CHANNEL)
    with merchant_scope(shop.merchant_id):
        refund.refresh_from_db()
        assert (refund.state, refund.channel_no) == ("succeeded", "5030")
        assert Event.objects.filter(name="refund.completed").count() == 1
        assert balance(REFUND_DUE) == 0


def test_an_h5_link_that_has_run_out_is_not_shown_again(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop)
    placed = place_one(request, shop)
    first = sandbox.open(shop, placed, request.person_id)
    assert sandbox.open(shop, placed, request.person_id) == first
    with clock.shifted(timedelta(minutes=6)):
        second = sandbox.open(shop, placed, request.person_id)
        assert sandbox.open(shop, placed, request.person_id) == second != first
