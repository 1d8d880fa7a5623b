"""An erased promoter: name and card go, but for the name of who was paid, which tax and books need."""

from __future__ import annotations

from datetime import timedelta

from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.compliance.retention.operations import ask_erasure, erase_due
from tongdao.compliance.retention.operations.lapsing import lapse
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.models import Payee, Payout, Way
from tongdao.rewards.settlement.operations import check_payee, note_bank_payment, propose_batch, reject_batch
from tongdao.rewards.settlement.personal import forget_payees

NAME = "何小禾"


def paid_and_rejected(sandbox: PaySandbox) -> Cashier:
    """A payout that came to nothing, and the same once more, paid at the bank."""
    cashier = make_cashier(sandbox, way=Way.BANK)
    cashier.earn(1)
    with merchant_scope(cashier.merchant_id):
        check_payee(cashier.earner.promoter_id, actor=cashier.owner)
    with merchant_scope(cashier.merchant_id):
        batch = propose_batch(Fen(1), actor=cashier.clerk).id
    with merchant_scope(cashier.merchant_id):
        reject_batch(batch, actor=cashier.clerk)
    cashier.approve(cashier.propose())
    payout = cashier.payout().id
    with merchant_scope(cashier.merchant_id):
        note_bank_payment(payout, "2026112200017", actor=cashier.owner)
    return cashier


def test_the_name_of_who_was_paid_stays_and_all_else_goes(sandbox: PaySandbox) -> None:
    cashier = paid_and_rejected(sandbox)
    with merchant_scope(cashier.merchant_id):
        assert [row.card for row in Payout.objects.all()] == ["6222020000000000001"] * 2
    row = ask_erasure(cashier.earner.person.pk, wishes=())
    with clock.shifted(timedelta(days=8)):
        assert erase_due(row.id) == "erased"
    with merchant_scope(cashier.merchant_id):
        nothing, paid = Payout.objects.order_by("id")
        assert (nothing.state, nothing.real_name, nothing.card) == ("returned", "—", None)
        assert (paid.state, paid.real_name, paid.card) == ("paid", NAME, None)
        assert not Payee.objects.exists()
    cashier.check_lines()


def test_when_no_law_keeps_it_any_more_it_goes_by_itself(sandbox: PaySandbox) -> None:
    cashier = paid_and_rejected(sandbox)
    now = clock.now()
    assert lapse(cashier.merchant_id, now - timedelta(days=1), forget_payees) == 0
    assert lapse(cashier.merchant_id, now + timedelta(minutes=1), forget_payees) == 2
    assert lapse(cashier.merchant_id, now + timedelta(minutes=1), forget_payees) == 0
    with merchant_scope(cashier.merchant_id):
        assert {(row.real_name, row.card) for row in Payout.objects.all()} == {("—", None)}
