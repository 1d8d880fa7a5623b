"""A transaction is corrected by its mirror, posted once."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from tests.finance.ledger.support import Crowd, capture, payout
from tongdao.finance.ledger.chart import held_seller, released_promoter
from tongdao.finance.ledger.operations import post_transactions, reversal, reverse_transaction
from tongdao.finance.ledger.queries import transaction_by_id, transactions_of, trial_balance
from tongdao.finance.ledger.refusals import AlreadyReversed, BalanceTooLow, NotReversible
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope


@pytest.fixture
def sale(merchant: UUID) -> UUID:
    with merchant_scope(merchant):
        return post_transactions([capture("sale", 100, to=held_seller(uuid7()))], actor=SYSTEM)[0].id


def reverse(sale: UUID, key: str) -> str:
    try:
        return "repeated" if reverse_transaction(sale, key, actor=SYSTEM).repeated else "reversed"
    except AlreadyReversed:
        return "refused"


def test_the_mirror_brings_every_account_back(merchant: UUID, sale: UUID) -> None:
    with merchant_scope(merchant):
        posted = reverse_transaction(sale, "undo", actor=SYSTEM)
        assert {row.balance for row in trial_balance()} == {0}
        original, mirror = transaction_by_id(sale), transaction_by_id(posted.id)
        assert (mirror.reverses, mirror.subject, mirror.kind) == (sale, original.subject, "reversal")
        assert [p.reference for p in mirror.postings] == [p.reference for p in original.postings]
        assert [view.id for view in transactions_of(original.subject)] == [sale, posted.id]
    assert_ledger_sound(merchant)


def test_once(merchant: UUID, sale: UUID) -> None:
    with merchant_scope(merchant):
        assert [reverse(sale, key) for key in ("a", "a", "b")] == ["reversed", "repeated", "refused"]


def test_twice_in_one_batch_is_refused_whole(merchant: UUID, sale: UUID) -> None:
    with merchant_scope(merchant):
        with pytest.raises(AlreadyReversed):
            post_transactions([reversal(sale, "a"), reversal(sale, "b")], actor=SYSTEM)
        assert reverse(sale, "c") == "reversed"


def test_a_reversal_stays(merchant: UUID, sale: UUID) -> None:
    with merchant_scope(merchant):
        undo = reverse_transaction(sale, "undo", actor=SYSTEM)
        with pytest.raises(NotReversible):
            reverse_transaction(undo.id, "redo", actor=SYSTEM)


def test_what_is_not_there_or_not_ours(merchant: UUID, sale: UUID) -> None:
    with merchant_scope(uuid7()), pytest.raises(NotFound):
        reverse_transaction(sale, "undo", actor=SYSTEM)


def test_what_was_paid_out_cannot_be_taken_back(merchant: UUID) -> None:
    promoter = released_promoter(uuid7())
    with merchant_scope(merchant):
        income, _ = post_transactions(
            [capture("in", 9, to=promoter), payout("out", promoter, 5)], actor=SYSTEM
        )
    with merchant_scope(merchant), pytest.raises(BalanceTooLow):
        reverse_transaction(income.id, "undo", actor=SYSTEM)
    assert_ledger_sound(merchant)


@pytest.mark.parametrize(("key", "second"), [("a", "repeated"), ("b", "refused")])
def test_two_at_once(merchant: UUID, crowd: Crowd, sale: UUID, key: str, second: str) -> None:
    with merchant_scope(merchant):
        assert reverse(sale, "a") == "reversed"
        other = crowd.start(merchant, lambda: reverse(sale, key))
        crowd.wait_until_blocked()
    assert other.result() == second
    assert_ledger_sound(merchant)


def test_many_at_once(merchant: UUID, crowd: Crowd, sale: UUID) -> None:
    results = [crowd.start(merchant, partial(reverse, sale, f"k{n}")) for n in range(6)]
    assert sorted(result.result() for result in results) == ["refused"] * 5 + ["reversed"]
    assert_ledger_sound(merchant)
