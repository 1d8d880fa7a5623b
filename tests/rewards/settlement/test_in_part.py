"""Some of a payout has arrived and the rest cannot: it is sent again, paid at the bank, or due again."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.faces.promoter.support import SHARE
from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, PayoutLine, Transfer
from tongdao.rewards.settlement.operations import give_up, note_bank_payment, send_again
from tongdao.rewards.settlement.parts import brought
from tongdao.rewards.settlement.refusals import NotPaidByBank, TransferStillOpen
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import OrderLine

UNITS = (2, 3, 12)  # of three orders: 17 units are two transfers, and the first ends within the third line
WHOLE = 17 * SHARE
HALF = WHOLE // 2


@pytest.fixture
def cashier(sandbox: PaySandbox) -> Cashier:
    """Half of the payout has arrived; the account of its payee takes no more."""
    made = make_cashier(sandbox)
    for units in UNITS:
        made.earn(units)
    made.approve(made.propose())
    made.send()
    first, second = made.transfers()
    assert first.amount_fen == second.amount_fen == HALF
    made.end(first, "SUCCESS")
    made.end(second, "FAIL", "ACCOUNT_FROZEN")
    assert made.stands() == {"claimed.promoter": HALF, "external.payee": HALF}
    return made


def end(cashier: Cashier) -> UUID:
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        give_up(payout, actor=cashier.owner)
    return payout


def test_what_is_left_is_sent_again(cashier: Cashier) -> None:
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        assert send_again(payout, actor=cashier.owner) == 1
    cashier.send()
    *_, again = cashier.transfers()
    cashier.end(again, "SUCCESS")
    assert cashier.payout().state == "paid" and cashier.stands() == {"external.payee": WHOLE}
    cashier.check_lines()


def test_or_paid_at_the_bank_once(cashier: Cashier) -> None:
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        note_bank_payment(payout, "2026112200018", actor=cashier.owner)
    for late in (note_bank_payment, send_again):
        with merchant_scope(cashier.merchant_id), pytest.raises((NotPaidByBank, NotFound)):
            late(payout, *(["1"] if late is note_bank_payment else []), actor=cashier.owner)
    found = cashier.payout()
    assert (found.state, found.bank_fen, found.proof) == ("paid", HALF, "2026112200018")
    assert cashier.states() == ["paid"] * 3 and cashier.stands() == {"external.payee": WHOLE}
    cashier.check_lines()


def test_not_while_a_transfer_may_yet_bring_it(cashier: Cashier) -> None:
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        send_again(payout, actor=cashier.owner)
    for refused in (
        lambda: note_bank_payment(payout, "1", actor=SYSTEM),
        lambda: give_up(payout, actor=SYSTEM),
    ):
        with merchant_scope(cashier.merchant_id), pytest.raises(TransferStillOpen):
            refused()


def test_or_it_is_due_again(cashier: Cashier) -> None:
    """The oldest lines are paid; the one that was paid in part is due for what is left of it."""
    payout = end(cashier)
    assert cashier.stands() == {"released.promoter": HALF, "external.payee": HALF}
    assert cashier.states() == ["paid", "paid", "released"]
    with merchant_scope(cashier.merchant_id):
        assert Payout.objects.get(pk=payout).state == "partly"
        lines = list(PayoutLine.objects.filter(payout=payout).order_by("commission_id"))
        assert [line.paid_fen for line in lines] == [2 * SHARE, 3 * SHARE, HALF - 5 * SHARE]
        assert [line.live for line in lines] == [True, True, False]
        last = Commission.objects.order_by("id").last()
        assert last and (last.part_paid_fen, last.payable_fen) == (HALF - 5 * SHARE, HALF)
    cashier.check_lines()


def test_and_paid_by_the_next_payout_no_fen_twice(cashier: Cashier) -> None:
    end(cashier)
    cashier.approve(cashier.propose())
    assert cashier.payout().amount_fen == HALF
    cashier.send()
    row = max(cashier.transfers(), key=lambda each: each.id)
    cashier.end(row, "SUCCESS")
    assert cashier.states() == ["paid"] * 3 and cashier.stands() == {"external.payee": WHOLE}
    cashier.check_lines()


def test_a_refund_afterwards_takes_what_is_there_and_the_rest_is_a_debt(cashier: Cashier) -> None:
    """All of the line that was paid in part goes back: what had arrived of it is owed."""
    end(cashier)
    with merchant_scope(cashier.merchant_id):
        last = Commission.objects.order_by("id").last()
        assert last is not None
        line = OrderLine.objects.get(order_id=last.order_id).id
        refund_lines(last.order_id, {line: 12}, freight="none", reason="quality", actor=SYSTEM)
        last.refresh_from_db()
        assert (last.state, last.kept_fen, last.payable_fen) == ("void", 0, 0)
    owed = HALF - 5 * SHARE
    assert cashier.stands() == {"owed_back.promoter": -owed, "external.payee": HALF}


def test_a_refund_before_is_made_good_by_what_comes_back(cashier: Cashier) -> None:
    with merchant_scope(cashier.merchant_id):
        last = Commission.objects.order_by("id").last()
        assert last is not None
        line = OrderLine.objects.get(order_id=last.order_id).id
        refund_lines(last.order_id, {line: 1}, freight="none", reason="quality", actor=SYSTEM)
    assert cashier.stands()["owed_back.promoter"] == -SHARE
    end(cashier)
    assert cashier.stands() == {"released.promoter": HALF - SHARE, "external.payee": HALF}


WRONG = {
    "update payout set state = 'paid', version = 9, ended_at = now()": "payout_is_what_arrived",
    "update payout set state = 'returned', version = 9, ended_at = now()": "payout_is_what_arrived",
    "update payout set bank_fen = amount_fen, proof = 'x'": "payout_is_what_arrived",
    "update payout set bank_fen = 1": "payout_bank",
    "update payout_line set paid_fen = amount_fen + 1": "payout_line_amount",
}


@pytest.mark.parametrize("statement", WRONG)
def test_the_database_refuses_what_did_not_arrive(cashier: Cashier, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match=WRONG[statement]),
        merchant_scope(cashier.merchant_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_refuses_lines_that_are_not_their_payout(cashier: Cashier) -> None:
    """A payout without lines or with others, and a line that comes later."""
    with merchant_scope(cashier.merchant_id):
        payout = Payout.objects.get()
        commission = Commission.objects.order_by("id")[0]
    more = f"a payout of {WHOLE} is lines of {WHOLE + 1}"
    with pytest.raises(IntegrityError, match=more), merchant_scope(cashier.merchant_id):
        PayoutLine.objects.create(payout=payout, commission=commission, amount_fen=Fen(1), live=False)
    with merchant_scope(cashier.merchant_id):
        give_up(payout.id, actor=cashier.owner)
    payout.id, payout.state, payout.bank_fen = uuid7(), "claimed", Fen(0)
    with pytest.raises(IntegrityError, match="is lines of 0"), merchant_scope(cashier.merchant_id):
        payout.save(force_insert=True)
    with merchant_scope(cashier.merchant_id), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="its lines brought"), transaction.atomic():
            cursor.execute("update payout_line set paid_fen = 0 where paid_fen > 0")
        assert Transfer.objects.count() == 2


@pytest.mark.pure
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9), st.data())
def test_what_arrived_is_what_the_lines_brought(amounts: list[int], data: st.DataObject) -> None:
    arrived = data.draw(st.integers(0, sum(amounts)))
    found = brought([Fen(amount) for amount in amounts], Fen(arrived))
    assert sum(found) == arrived and all(
        0 <= fen <= amount for fen, amount in zip(found, amounts, strict=True)
    )
    assert sum(0 < fen < amount for fen, amount in zip(found, amounts, strict=True)) <= 1


@pytest.mark.pure
def test_more_than_the_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="fen for lines of"):
        brought([Fen(1), Fen(2)], Fen(4))
