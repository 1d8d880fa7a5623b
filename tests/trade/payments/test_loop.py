"""The money of an order from capture to release, and back where it ends unhappily."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import AFTER_RETURNS, Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.queries import trial_balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link, follow_link
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.terms.plans.operations import set_plan
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import cancel_order, refund_lines
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.operations import Placed, complete_order, set_confirm_deadline
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations import sweep_refunds, sweep_unpaid


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((9_990, 101))
    sandbox.connect(made)
    return made


def paid_order(shop: Shop, sandbox: PaySandbox) -> tuple[Placed, Order]:
    request = a_request(shop, 3)
    placed = place_one(request, shop)
    sandbox.pay(sandbox.open(shop, placed, request.person_id))
    with merchant_scope(shop.merchant_id):
        return placed, Order.objects.get(pk=placed.order_ids[0])


def balances(shop: Shop) -> dict[str, int]:
    """Account kind → balance in fen, without zeros; checks the books on the way."""
    assert_ledger_sound(shop.merchant_id)
    with merchant_scope(shop.merchant_id):
        found: dict[str, int] = {}
        for row in trial_balance():
            found[row.account.kind] = found.get(row.account.kind, 0) + row.balance
    return {kind: amount for kind, amount in found.items() if amount}


def test_capture_posts_the_waterfall_and_it_is_released_after_the_time_for_giving_back(
    shop: Shop, sandbox: PaySandbox
) -> None:
    _, order = paid_order(shop, sandbox)
    assert (order.state, order.total_fen) == ("paid", 30_273)
    assert balances(shop) == {"external.buyer": -30_273, "channel_fee": 182, "held.seller": 30_091}
    with merchant_scope(shop.merchant_id):
        set_confirm_deadline(order.id, clock.now())
        complete_order(order.id, actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        assert complete_order(order.id, actor=SYSTEM).state == "completed"
    assert balances(shop)["held.seller"] == 30_091, "the buyer may still give it back"
    with clock.shifted(AFTER_RETURNS):
        sweep_release(clock.now(), 100_000)
    assert balances(shop) == {"external.buyer": -30_273, "channel_fee": 182, "released.seller": 30_091}


def test_an_unpaid_order_is_closed_at_the_channel_then_its_goods_are_free(
    shop: Shop, sandbox: PaySandbox
) -> None:
    request = a_request(shop, 2)
    placed = place_one(request, shop)
    sandbox.open(shop, placed, request.person_id)
    with clock.shifted(timedelta(minutes=31)):
        sweep_unpaid(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get().state == "closed"
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(10, 0)}


def test_a_payment_after_closing_goes_back_by_itself(shop: Shop, sandbox: PaySandbox) -> None:
    request = a_request(shop, 2)
    placed = place_one(request, shop)
    trade_no = sandbox.open(shop, placed, request.person_id)
    with clock.shifted(timedelta(minutes=31)):
        sweep_unpaid(clock.now(), 100_000)
    sandbox.pay(trade_no, force=True)
    with merchant_scope(shop.merchant_id):
        refund = Refund.objects.get()
        assert (refund.reason, refund.amount_fen) == ("late_payment", placed.total_fen)
        assert Order.objects.get().state == "closed"
    assert balances(shop) == {"external.buyer": -placed.total_fen, "refund_due": placed.total_fen}
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    assert balances(shop) == {}


def test_a_paid_order_is_cancelled_in_full_by_reversing_postings(shop: Shop, sandbox: PaySandbox) -> None:
    _, order = paid_order(shop, sandbox)
    with merchant_scope(shop.merchant_id):
        first = cancel_order(order.id, reason="changed_mind", actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        assert cancel_order(order.id, reason="changed_mind", actor=SYSTEM).id == first.id
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(10, 0)}
    assert balances(shop) == {"external.buyer": -30_273, "refund_due": 30_273}
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    assert balances(shop) == {}
    with merchant_scope(shop.merchant_id):
        assert Refund.objects.get().state == "succeeded"


def test_partial_refunds_go_through_the_channel_and_settle(shop: Shop, sandbox: PaySandbox) -> None:
    """Two of them, with the channel's fee and freight in the waterfall; then nothing is left of the order."""
    _, order = paid_order(shop, sandbox)
    with merchant_scope(shop.merchant_id):
        first, second = OrderLine.objects.order_by("position").values_list("id", flat=True)
    for units in ({first: 1, second: 2}, {first: 2, second: 1}):
        with merchant_scope(shop.merchant_id):
            refund_lines(order.id, units, freight="none", reason="agreed", actor=SYSTEM)
        sweep_refunds(clock.now(), 100_000)
        sandbox.control("/flush")
        while run_pending() or deliver_pending():
            continue
        assert "refund_due" not in balances(shop)
    with merchant_scope(shop.merchant_id):
        assert [row.state for row in Refund.objects.all()] == ["succeeded", "succeeded"]
        assert {row.state for row in AfterSale.objects.all()} == {"settled"}
        assert Order.objects.get().state == "cancelled"
    assert balances(shop) == {}


def test_the_promoter_of_record_is_held_its_commission(shop: Shop, sandbox: PaySandbox) -> None:
    with merchant_scope(shop.merchant_id):
        set_plan(1_000, actor=shop.owner)
        promoter = join_promoter(create_guest().id, shown_name="小禾", actor=shop.owner)
        link = create_link(channel="moments", promoter_id=promoter.id, actor=shop.owner)
    buyer = create_guest()
    follow_link(link.token, visitor=buyer.id)
    request = a_request(shop, 3, person_id=buyer.id, visitor=buyer.id)
    sandbox.pay(sandbox.open(shop, place_one(request, shop), buyer.id))
    assert balances(shop)["held.promoter"] == 2_997 + 30
