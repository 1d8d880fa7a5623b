"""From what is due to a promoter's own money: four eyes, parts, failures, and what goes back meanwhile."""

from __future__ import annotations

import pytest

from tests.faces.promoter.support import SHARE, make_earner
from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.models import Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    check_payee,
    give_up,
    note_bank_payment,
    propose_batch,
    reject_batch,
    say_payee,
    send_again,
)
from tongdao.rewards.settlement.refusals import (
    BatchDecided,
    NothingDue,
    NotPaidByBank,
    ProofMissing,
    SamePersonDecides,
    TransferStillOpen,
)
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import OrderLine


@pytest.fixture
def cashier(sandbox: PaySandbox) -> Cashier:
    return make_cashier(sandbox)


def test_it_is_proposed_approved_taken_and_paid(cashier: Cashier) -> None:
    cashier.earn(3)
    batch = cashier.propose()
    assert cashier.stands() == {"claimed.promoter": 3 * SHARE} and cashier.transfers() == []
    cashier.approve(batch)
    (row,) = cashier.transfers()
    assert (row.amount_fen, row.state) == (3 * SHARE, "created")
    cashier.send()
    (row,) = cashier.transfers()
    assert row.state == "waiting" and row.package
    cashier.end(row, "SUCCESS")
    (row,) = cashier.transfers()
    assert (row.state, cashier.payout().state, cashier.states()) == ("paid", "paid", ["paid"])
    assert cashier.stands() == {"external.payee": 3 * SHARE}
    cashier.check_lines()


def test_who_proposes_does_not_approve(cashier: Cashier) -> None:
    cashier.earn(1)
    batch = cashier.propose()
    with merchant_scope(cashier.merchant_id), pytest.raises(SamePersonDecides):
        approve_batch(batch, actor=cashier.clerk)
    assert cashier.payout().state == "claimed" and cashier.transfers() == []
    cashier.approve(batch)
    for decide in (approve_batch, reject_batch):
        with merchant_scope(cashier.merchant_id), pytest.raises(BatchDecided):
            decide(batch, actor=cashier.owner)


def test_what_is_rejected_is_due_again(cashier: Cashier) -> None:
    cashier.earn(2)
    batch = cashier.propose()
    with merchant_scope(cashier.merchant_id):
        reject_batch(batch, actor=cashier.clerk)  # who proposed it may take it back
    assert cashier.stands() == {"released.promoter": 2 * SHARE} and cashier.states() == ["released"]
    cashier.propose()
    assert cashier.stands() == {"claimed.promoter": 2 * SHARE}
    cashier.check_lines()


def test_less_than_the_minimum_waits_and_nobody_is_paid_twice(cashier: Cashier) -> None:
    cashier.earn(1)
    with merchant_scope(cashier.merchant_id), pytest.raises(NothingDue):
        propose_batch(SHARE + 1, actor=cashier.clerk)  # type: ignore[arg-type]  # fen
    cashier.propose(SHARE)
    cashier.earn(1)
    with merchant_scope(cashier.merchant_id), pytest.raises(NothingDue):
        propose_batch(1, actor=cashier.clerk)  # type: ignore[arg-type]  # fen
    assert cashier.stands() == {"claimed.promoter": SHARE, "released.promoter": SHARE}


def test_who_does_not_fit_into_a_batch_is_in_the_next(cashier: Cashier) -> None:
    """A batch is one short transaction: it holds so many, and another one can follow at once."""
    other = make_earner(cashier.earner.shop, name="小满")
    with merchant_scope(cashier.merchant_id):
        say_payee(other.promoter_id, PayeeTerms(Way.WECHAT, "林小满"), actor=cashier.owner)
    cashier.earn(1)
    other.complete(other.sell(2))
    paid = []
    for _ in range(2):
        with merchant_scope(cashier.merchant_id):
            batch = propose_batch(Fen(1), most=1, actor=cashier.clerk)
            paid += list(batch.payouts.values_list("promoter_id", "amount_fen"))
    assert sorted(paid) == sorted([(cashier.earner.promoter_id, SHARE), (other.promoter_id, 2 * SHARE)])
    with merchant_scope(cashier.merchant_id), pytest.raises(NothingDue):
        propose_batch(Fen(1), most=1, actor=cashier.clerk)
    cashier.check_lines()


def test_more_than_the_limit_goes_in_parts_and_each_is_posted(cashier: Cashier) -> None:
    cashier.earn(20)
    cashier.approve(cashier.propose())
    first, second = cashier.transfers()
    assert first.amount_fen + second.amount_fen == 20 * SHARE and first.amount_fen <= 20_000
    cashier.send()
    cashier.end(first, "SUCCESS")
    assert cashier.payout().state == "approved" and cashier.states() == ["claimed"]
    assert cashier.stands()["external.payee"] == first.amount_fen
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id), pytest.raises(TransferStillOpen):
        give_up(payout, actor=cashier.owner)
    cashier.end(second, "SUCCESS")
    assert cashier.payout().state == "paid" and cashier.stands() == {"external.payee": 20 * SHARE}


def test_what_was_not_taken_is_sent_again_and_only_then(cashier: Cashier) -> None:
    cashier.earn(1)
    cashier.approve(cashier.propose())
    cashier.send()
    payout = cashier.payout().id
    for refused in (send_again, give_up):
        with merchant_scope(cashier.merchant_id), pytest.raises(TransferStillOpen):
            refused(payout, actor=cashier.owner)
    cashier.end(cashier.transfers()[0], "FAIL", "OVERDUE_CLOSE")
    assert cashier.stands() == {"claimed.promoter": SHARE}
    with merchant_scope(cashier.merchant_id):
        assert send_again(payout, actor=cashier.owner) == 1
    old, new = cashier.transfers()
    assert (old.state, old.problem, new.state) == ("failed", "OVERDUE_CLOSE", "created")
    assert old.bill_no != new.bill_no
    cashier.send()
    cashier.end(new, "SUCCESS")
    assert cashier.stands() == {"external.payee": SHARE} and cashier.payout().state == "paid"


def test_what_cannot_arrive_is_given_up_and_due_again(cashier: Cashier) -> None:
    cashier.earn(1)
    cashier.approve(cashier.propose())
    cashier.send()
    cashier.end(cashier.transfers()[0], "FAIL", "ACCOUNT_FROZEN")
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        give_up(payout, actor=cashier.owner)
    assert cashier.stands() == {"released.promoter": SHARE} and cashier.states() == ["released"]
    cashier.check_lines()


def test_a_refund_meanwhile_is_a_debt_and_made_good_where_it_comes_back(cashier: Cashier) -> None:
    order_id = cashier.earner.sell(3)
    cashier.earner.complete(order_id)
    cashier.approve(cashier.propose())
    cashier.send()
    with merchant_scope(cashier.merchant_id):
        line = OrderLine.objects.get(order_id=order_id).id
        refund_lines(order_id, {line: 1}, freight="none", reason="quality", actor=SYSTEM)
    assert cashier.stands() == {"claimed.promoter": 3 * SHARE, "owed_back.promoter": -SHARE}
    cashier.end(cashier.transfers()[0], "CANCELLED")
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        give_up(payout, actor=cashier.owner)
    assert cashier.stands() == {"released.promoter": 2 * SHARE}


def test_who_has_not_come_by_wechat_is_sent_it_when_they_have(sandbox: PaySandbox) -> None:
    cashier = make_cashier(sandbox, known=False)
    cashier.earn(1)
    cashier.approve(cashier.propose())
    assert cashier.transfers() == [] and cashier.payout().state == "approved"


def test_a_bank_needs_a_checked_card_and_proof(sandbox: PaySandbox) -> None:
    cashier = make_cashier(sandbox, way=Way.BANK)
    cashier.earn(1)
    with merchant_scope(cashier.merchant_id):
        with pytest.raises(NothingDue):
            propose_batch(1, actor=cashier.clerk)  # type: ignore[arg-type]  # fen
        check_payee(cashier.earner.promoter_id, actor=cashier.owner)
    cashier.approve(cashier.propose())
    payout = cashier.payout().id
    assert cashier.transfers() == []
    with merchant_scope(cashier.merchant_id), pytest.raises(ProofMissing):
        note_bank_payment(payout, " ", actor=cashier.owner)
    with merchant_scope(cashier.merchant_id):
        note_bank_payment(payout, "2026112200017", actor=cashier.owner)
    with merchant_scope(cashier.merchant_id), pytest.raises(NotPaidByBank):
        note_bank_payment(payout, "2026112200017", actor=cashier.owner)
    assert cashier.stands() == {"external.payee": SHARE} and cashier.states() == ["paid"]
