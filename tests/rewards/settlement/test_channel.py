"""The channel loses, repeats, refuses and forgets: one bill a part, posted once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from tests.faces.promoter.support import SHARE
from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.callbacks import take_transfer_notification
from tongdao.rewards.settlement.models import Transfer
from tongdao.rewards.settlement.operations import TransferMismatch, record_transfer
from tongdao.trade.payments.gateways import TransferNotice
from tongdao.trade.payments.models import CallbackRecord


@pytest.fixture
def cashier(sandbox: PaySandbox) -> Cashier:
    made = make_cashier(sandbox)
    made.earn(1)
    made.approve(made.propose())
    return made


@pytest.mark.parametrize("kind", ["LOST_AFTER", "LOST_BEFORE", "SYSTEM_ERROR", "SYSTEM_ERROR_AFTER"])
def test_an_answer_that_is_lost_is_asked_about_first(cashier: Cashier, kind: str) -> None:
    (row,) = cashier.transfers()
    cashier.sandbox.control("/faults", operation="transfer", key=row.bill_no, kind=kind)
    cashier.send()
    (row,) = cashier.transfers()
    assert (row.state, row.problem, row.tries) == ("created", "unreachable", 1)
    cashier.send(later=10)
    (row,) = cashier.transfers()
    assert row.state == "waiting"
    cashier.end(row, "SUCCESS")
    assert cashier.stands() == {"external.payee": SHARE}


def test_a_notification_that_never_comes_is_found_by_asking(cashier: Cashier) -> None:
    (row,) = cashier.transfers()
    cashier.sandbox.control(
        "/modes",
        scope="transfer",
        key=row.bill_no,
        mode={"notification": "lost", "transfer_delay_seconds": 0},
    )
    cashier.send()
    cashier.end(row, "SUCCESS")
    assert cashier.transfers()[0].state == "waiting"
    cashier.send(later=10)
    assert cashier.transfers()[0].state == "paid" and cashier.stands() == {"external.payee": SHARE}


def test_told_twice_it_counts_once(cashier: Cashier) -> None:
    (row,) = cashier.transfers()
    cashier.send()
    before = len(cashier.sandbox.received)
    cashier.end(row, "SUCCESS")
    token, headers, body = cashier.sandbox.received[before]
    assert take_transfer_notification(token, headers, body) == 409
    cashier.sandbox.control("/modes", scope="transfer", key=row.bill_no, mode={"notification": "twice"})
    with merchant_scope(cashier.merchant_id):
        assert not record_transfer(TransferNotice(row.bill_no, "paid", "ch"), actor=CHANNEL)
        assert not record_transfer(TransferNotice(row.bill_no, "failed"), actor=CHANNEL)
        told = Counter(CallbackRecord.objects.values_list("verdict", flat=True))
    assert told["accepted"] >= 1 and told["replayed"] == 1
    assert cashier.stands() == {"external.payee": SHARE}


def test_another_amount_and_an_unknown_bill_are_not_believed(cashier: Cashier) -> None:
    (row,) = cashier.transfers()
    with merchant_scope(cashier.merchant_id):
        with pytest.raises(TransferMismatch):
            record_transfer(
                TransferNotice(row.bill_no, "paid", "ch", amount_fen=Fen(row.amount_fen + 1)), actor=CHANNEL
            )
        with pytest.raises(TransferMismatch):
            record_transfer(TransferNotice(row.bill_no, "paid"), actor=CHANNEL)  # without its own number
        with pytest.raises(NotFound):
            record_transfer(TransferNotice("T0", "paid", "ch"), actor=CHANNEL)
    assert cashier.stands() == {"claimed.promoter": SHARE}


def test_an_empty_account_waits_and_a_refused_bill_is_over(cashier: Cashier) -> None:
    (row,) = cashier.transfers()
    cashier.sandbox.control("/modes", scope="transfer", key=row.bill_no, mode={"transfer_balance": "short"})
    cashier.send()
    (row,) = cashier.transfers()
    assert (row.state, row.problem) == ("created", "NOT_ENOUGH")
    cashier.sandbox.control("/modes", scope="transfer", key=row.bill_no, mode={"transfer_most_fen": 100})
    cashier.send(later=10)
    (row,) = cashier.transfers()
    assert (row.state, row.problem) == ("failed", "INVALID_REQUEST")
    assert cashier.stands() == {"claimed.promoter": SHARE}


def test_the_database_knows_no_second_open_bill_for_a_part(cashier: Cashier) -> None:
    (row,) = cashier.transfers()
    with merchant_scope(cashier.merchant_id), pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(
            payout_id=row.payout_id,
            account_id=row.account_id,
            part=row.part,
            amount_fen=row.amount_fen,
            bill_no=uuid7().hex,
            payee=row.payee,
            created_at=clock.now(),
            check_at=clock.now(),
        )
