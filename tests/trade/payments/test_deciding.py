"""`sort_out`: what each notice of a batch comes to, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.trade.payments.deciding import StandingAttempt, sort_out
from tongdao.trade.payments.gateways import PaidNotice

HERE, THERE = uuid7(), uuid7()


def attempt(trade_no: str, purchase_id: UUID, state: str = "open") -> tuple[str, StandingAttempt]:
    return trade_no, StandingAttempt(
        uuid7(), trade_no, purchase_id, uuid7(), state, 2, Fen(500), currency="CNY"
    )


def paid(trade_no: str, fen: int = 500) -> PaidNotice:
    return PaidNotice(trade_no, "paid", amount_fen=Fen(fen), paid_at=datetime(2026, 11, 22, tzinfo=UTC))


def test_the_first_that_fits_may_pay_for_its_purchase() -> None:
    attempts = dict([attempt("a", HERE), attempt("b", HERE), attempt("c", THERE, "closed")])
    found = sort_out([paid("a", 499), paid("b"), paid("a"), paid("b"), paid("c")], attempts)
    assert found.first == {HERE: 1, THERE: 4}
    assert found.taken == [1, 2, 4]
    assert found.mismatched == [0]
    assert found.answers == {0: "mismatched", 3: "repeated"}


def test_what_was_captured_before_is_repeated_and_pays_for_nothing() -> None:
    attempts = dict([attempt("a", HERE, "captured"), attempt("b", HERE, "created")])
    found = sort_out([paid("a"), paid("a", 499), paid("b")], attempts)
    assert (found.answers, found.taken, found.first) == ({0: "repeated", 1: "repeated"}, [2], {HERE: 2})


def test_what_is_not_known_or_not_paid_is_not_found() -> None:
    attempts = dict([attempt("a", HERE)])
    notices = [paid("x"), PaidNotice("a", "paid", amount_fen=Fen(500)), PaidNotice("a", "open")]
    found = sort_out(notices, attempts)
    assert [type(found.answers[position]) for position in range(3)] == [NotFound] * 3
    assert found.taken == []
