"""Refunds at each stage of a commission. After the payout it is a debt, which the next release makes good."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.faces.promoter.support import PRICE, SHARE, Earner, make_earner, make_promoted_shop, release
from tests.support.builders import AFTER_RETURNS
from tongdao.finance.ledger.chart import AccountRef, owed_back_promoter, released_promoter
from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim as claim_state
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.operations import note_paid_out, paid_line, put_back, take_for_payouts
from tongdao.rewards.commissions.operations.releasing import NotHeld
from tongdao.rewards.commissions.queries import clawed, income, kept_back, sales, waits_for
from tongdao.rewards.commissions.states import COMMISSION
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.gateways import RefundNotice
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations import record_refund
from tongdao.trade.shipping.operations import pack_parcel


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def received(earner: Earner, units: int) -> UUID:
    order_id = earner.sell(units)
    with merchant_scope(earner.shop.merchant_id):
        pack_parcel(order_id, "all", "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)
    earner.receive(order_id)
    return order_id


def give(earner: Earner, order_id: UUID, units: int) -> None:
    with merchant_scope(earner.shop.merchant_id):
        line = OrderLine.objects.get(order_id=order_id).id
        refund_lines(order_id, {line: units}, freight="none", reason="quality", actor=SYSTEM)


def claim(earner: Earner, payout: UUID) -> dict[UUID, int]:
    with merchant_scope(earner.shop.merchant_id):
        taken = take_for_payouts({earner.promoter_id: payout}).get(earner.promoter_id)
        post_transactions([taken.draft] if taken and taken.draft else [], actor=SYSTEM)
    return dict(taken.lines) if taken else {}


def pay_out(earner: Earner) -> int:
    """All that is due; what was paid."""
    payout = uuid7()
    lines = claim(earner, payout)
    if not lines:
        return 0
    with merchant_scope(earner.shop.merchant_id):
        assert note_paid_out(list(lines)) == sorted(lines)
        fen = Fen(sum(lines.values()))
        postings = [paid_line(earner.promoter_id, fen)]
        post_transactions(
            [Draft(key=f"{payout}", kind="payout", subject=payout, postings=postings)], actor=SYSTEM
        )
    return fen


def stands(earner: Earner) -> tuple[int, int]:
    """What is due to the promoter, and what it owes back."""
    assert_ledger_sound(earner.shop.merchant_id)
    with merchant_scope(earner.shop.merchant_id):
        who = earner.promoter_id
        return balance(released_promoter(who)), -balance(owed_back_promoter(who))


def test_after_the_payout_it_is_a_debt_that_the_next_ones_make_good(earner: Earner) -> None:
    first = received(earner, 3)
    release(earner.shop, first)
    assert pay_out(earner) == 3 * SHARE
    give(earner, first, 2)
    assert stands(earner) == (0, 2 * SHARE)
    second, third = received(earner, 1), received(earner, 2)
    release(earner.shop, second)
    assert stands(earner) == (0, SHARE), "all of the second went to the debt"
    release(earner.shop, third)
    assert stands(earner) == (SHARE, 0)
    with merchant_scope(earner.shop.merchant_id):
        one, two, three = Commission.objects.order_by("id")
        assert (one.state, one.clawed_fen, one.owed_fen, one.netted_fen) == ("paid", *[2 * SHARE] * 3)
        assert (two.offset_fen, two.payable_fen, three.offset_fen) == (SHARE, 0, SHARE)
        ids = [earner.promoter_id]
        assert [(row.order_id, row.fen) for row in kept_back(ids, third)] == [(first, SHARE)]
        (row,) = clawed(ids, first)
        assert (row.reason, row.base_fen, row.amount_fen, row.owed_fen) == (
            "quality",
            2 * PRICE,
            2 * SHARE,
            2 * SHARE,
        )
        assert income(ids).owed.fen == 0
    assert pay_out(earner) == SHARE


def test_what_went_to_a_debt_becomes_one_again(earner: Earner) -> None:
    """The second's commission made good the first's debt; then the second goes back as well."""
    first, second = received(earner, 1), received(earner, 1)
    release(earner.shop, first)
    pay_out(earner)
    give(earner, first, 1)
    release(earner.shop, second)
    assert stands(earner) == (0, 0)
    give(earner, second, 1)
    assert stands(earner) == (0, SHARE)
    with merchant_scope(earner.shop.merchant_id):
        assert sorted(Commission.objects.values_list("state", flat=True)) == ["paid", "void"]
        assert [sale.stage for sale in sales([earner.promoter_id])] == ["over", "over"]
        assert len(sales([earner.promoter_id], stage="over")) == 2
        assert sales([earner.promoter_id], stage="released") == []


def test_a_payout_that_fails_makes_good_what_became_a_debt_meanwhile(earner: Earner) -> None:
    order_id = received(earner, 3)
    release(earner.shop, order_id)
    payout = uuid7()
    lines = claim(earner, payout)
    give(earner, order_id, 1)
    assert stands(earner) == (0, SHARE)
    with merchant_scope(earner.shop.merchant_id):
        back = put_back(earner.promoter_id, payout, list(lines))
        post_transactions([back.draft] if back.draft else [], actor=SYSTEM)
    assert stands(earner) == (2 * SHARE, 0)
    with merchant_scope(earner.shop.merchant_id):
        assert balance(AccountRef("claimed.promoter", earner.promoter_id)) == 0
    assert pay_out(earner) == 2 * SHARE
    assert pay_out(earner) == 0, "nothing is paid twice"


def test_nothing_is_released_whose_commission_is_not_held(earner: Earner) -> None:
    """Whatever may have moved it: the books do not follow."""
    order_id = received(earner, 1)
    with merchant_scope(earner.shop.merchant_id):
        claim_state(COMMISSION, "held", "void", Commission, [Commission.objects.get().id])
    with pytest.raises(NotHeld):
        release(earner.shop, order_id)
    with merchant_scope(earner.shop.merchant_id):
        assert Order.objects.get(pk=order_id).released_at is None
    assert stands(earner) == (0, 0)


def test_it_says_why_it_is_not_released(earner: Earner) -> None:
    merchant_id = earner.shop.merchant_id

    def cause(order_id: UUID) -> str:
        with merchant_scope(merchant_id):
            return waits_for(order_id).cause

    unpaid, paid, order_id = earner.order(), earner.sell(), received(earner, 2)
    assert [cause(each) for each in (unpaid, paid, order_id)] == ["payment", "receipt", "window"]
    give(earner, order_id, 1)
    with clock.shifted(AFTER_RETURNS):
        assert cause(order_id) == "refund"
        assert release(earner.shop, order_id) == 0
        with merchant_scope(merchant_id):
            (sale,) = sales([earner.promoter_id], order_id=order_id)
            assert (sale.stage, sale.due_at) == ("held", None), "no date is promised that has passed"
            assert income([earner.promoter_id]).held.next_at is None
            number = Refund.objects.get().refund_no
            record_refund(RefundNotice(number, "succeeded"), actor=CHANNEL)
        assert cause(order_id) == "case"
        assert release(earner.shop, order_id) == 0
        while run_pending() or deliver_pending():
            continue
        assert cause(order_id) == "turn"
        assert release(earner.shop, order_id) == 1
    assert cause(order_id) == "released"
    assert stands(earner) == (SHARE, 0)
    with pytest.raises(NotFound):
        cause(uuid7())
