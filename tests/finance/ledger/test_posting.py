"""Posting as the application's role: balanced by construction, once for each key, all or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.finance.ledger.support import capture, payout
from tests.support.statements import sent_statements
from tongdao.finance.ledger.chart import (
    BUYER_FUNDS,
    CHANNEL_FEE,
    EXTERNAL_BUYER,
    REFUND_DUE,
    AccountRef,
    held_promoter,
    held_seller,
    released_promoter,
)
from tongdao.finance.ledger.operations import Draft, Line, dry_run, post_transactions
from tongdao.finance.ledger.queries import balance, statement_of, transactions_of, trial_balance
from tongdao.finance.ledger.refusals import BadDraft, BalanceTooLow, DayNotOpen, TransactionKeyReused
from tongdao.finance.ledger.soundness import find_faults
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import LockOrderBroken
from tongdao.foundation.money import FEN_MAX, Fen
from tongdao.foundation.tenancy import OutsideScope, merchant_scope

SELLER, PROMOTER = uuid7(), uuid7()
ACCOUNTS = [
    EXTERNAL_BUYER,
    BUYER_FUNDS,
    CHANNEL_FEE,
    REFUND_DUE,
    held_seller(SELLER),
    held_promoter(PROMOTER),
]


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ledger_{table}")
        return int(cursor.fetchone()[0])


def lines() -> st.SearchStrategy[Line]:
    pairs = st.permutations(ACCOUNTS).map(lambda order: (order[0], order[1]))
    return st.builds(
        lambda pair, fen, reference: Line(pair[0], pair[1], Fen(fen), reference),
        pairs,
        st.integers(1, 10**12),
        st.none() | st.uuids(),
    )


def drafts() -> st.SearchStrategy[Draft]:
    return st.builds(
        lambda key, subject, postings, currency: Draft(f"k{key}", "drawn", subject, postings, currency),
        st.integers(0, 10**9),
        st.uuids(),
        st.lists(lines(), min_size=1, max_size=6),
        st.sampled_from(["CNY", "USD"]),
    )


@settings(max_examples=40, deadline=None)
@given(batch=st.lists(drafts(), max_size=8, unique_by=lambda draft: draft.key))
def test_whatever_is_posted_balances_and_is_what_was_drafted(batch: list[Draft]) -> None:
    expected: Counter[tuple[AccountRef, str]] = Counter()
    for draft in batch:
        for line in draft.postings:
            expected[line.source, draft.currency] -= line.amount
            expected[line.destination, draft.currency] += line.amount
    with merchant_scope(uuid7()):
        post_transactions(batch, actor=SYSTEM)
        trial = {(row.account, row.currency): row for row in trial_balance()}
        for currency in ("CNY", "USD"):
            assert sum(row.balance for (_, c), row in trial.items() if c == currency) == 0
        assert {key: row.balance for key, row in trial.items()} == dict(expected)
        assert all(balance(account, currency=c) == fen for (account, c), fen in expected.items())
        for draft in batch:
            found = [view for view in transactions_of(draft.subject) if view.key == draft.key]
            assert [
                Line(p.source, p.destination, p.amount, p.reference) for p in found[0].postings
            ] == draft.postings
        faults = find_faults()
        assert not [fault for fault in faults if "stands at" not in fault], "drawn balances may have any sign"


@pytest.mark.parametrize("fen", [0, -1, FEN_MAX + 1, True, 1.0, "1"])
def test_an_amount_that_is_not_above_zero_whole_and_storable_is_refused(fen: Any) -> None:
    with pytest.raises(BadDraft):
        Line(EXTERNAL_BUYER, BUYER_FUNDS, fen)


@pytest.mark.parametrize(
    "change",
    [
        {"postings": []},
        {"key": ""},
        {"key": "k" * 121},
        {"kind": ""},
        {"kind": "k" * 33},
        {"currency": "yuan"},
    ],
)
def test_a_malformed_draft_is_refused(change: dict[str, Any]) -> None:
    whole: dict[str, Any] = {
        "key": "k",
        "kind": "capture",
        "subject": uuid7(),
        "postings": [Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(1))],
    }
    Draft(**whole)
    with pytest.raises(BadDraft):
        Draft(**(whole | change))


def test_an_account_cannot_give_to_itself() -> None:
    with pytest.raises(BadDraft):
        Line(BUYER_FUNDS, BUYER_FUNDS, Fen(1))


def test_posting_needs_a_scope() -> None:
    with pytest.raises(OutsideScope):
        post_transactions([capture("k")], actor=SYSTEM)


def test_the_largest_amount_survives(merchant: UUID) -> None:
    with merchant_scope(merchant):
        post_transactions([capture("a", FEN_MAX), capture("b", FEN_MAX)], actor=SYSTEM)
        assert balance(BUYER_FUNDS) == 2 * FEN_MAX, "sums are beyond bigint and exact"


def test_the_same_key_with_the_same_input_is_the_first_transaction(merchant: UUID) -> None:
    draft = capture("k", to=held_seller(SELLER))
    with merchant_scope(merchant):
        (first,) = post_transactions([draft], actor=SYSTEM)
        (same_scope,) = post_transactions([draft], actor=SYSTEM)
    with merchant_scope(merchant), clock.shifted(timedelta(days=2)):
        (later,) = post_transactions([draft], actor=SYSTEM)
        assert (rows("transaction"), rows("posting")) == (1, 2)
    assert not first.repeated
    assert same_scope.repeated and later.repeated
    assert first.id == same_scope.id == later.id
    assert later.booked_on == first.booked_on


@pytest.mark.parametrize(
    "other",
    [
        lambda subject: capture("k", 101, subject=subject),
        lambda subject: capture("k", 100),
        lambda subject: capture("k", 100, subject=subject, currency="USD"),
        lambda subject: Draft("k", "other", subject, [Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(100))]),
        lambda subject: Draft("k", "capture", subject, [Line(BUYER_FUNDS, EXTERNAL_BUYER, Fen(100))]),
        lambda subject: Draft(
            "k", "capture", subject, [Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(100), subject)]
        ),
    ],
)
def test_the_same_key_with_another_input_is_refused(merchant: UUID, other: Any) -> None:
    subject = uuid7()
    with merchant_scope(merchant):
        post_transactions([capture("k", 100, subject=subject)], actor=SYSTEM)
        with pytest.raises(TransactionKeyReused):
            post_transactions([capture("before", 7), other(subject)], actor=SYSTEM)
        assert balance(BUYER_FUNDS) == 100, "nothing of the refused batch stays"
        with pytest.raises(TransactionKeyReused):
            post_transactions([capture("new", 100, subject=subject), other(subject)], actor=SYSTEM)


def test_the_same_key_twice_in_one_batch(merchant: UUID) -> None:
    twin, other = capture("k"), capture("other")
    with merchant_scope(merchant):
        first, between, again = post_transactions([twin, other, twin], actor=SYSTEM)
        assert (first.repeated, between.repeated, again.repeated) == (False, False, True)
        assert first.id == again.id != between.id
        assert rows("posting") == 2
        with pytest.raises(TransactionKeyReused):
            post_transactions([capture("n", 1), capture("n", 2)], actor=SYSTEM)
        assert rows("posting") == 2


def test_the_day_is_part_of_the_input_only_where_it_is_named(merchant: UUID) -> None:
    subject = uuid7()
    with merchant_scope(merchant):
        draft = capture("k", subject=subject, booked_on=today() - timedelta(days=1))
        post_transactions([draft], actor=SYSTEM)
        assert post_transactions([draft], actor=SYSTEM)[0].repeated
        with pytest.raises(TransactionKeyReused):
            post_transactions([capture("k", subject=subject, booked_on=today())], actor=SYSTEM)


def test_a_dry_run_answers_the_same_and_leaves_nothing(merchant: UUID) -> None:
    promoter = released_promoter(PROMOTER)
    with merchant_scope(merchant):
        (planned,) = dry_run([capture("k", to=promoter)], actor=SYSTEM)
        assert [rows(table) for table in ("transaction", "posting", "account", "balance", "day")] == [0] * 5
        with pytest.raises(BalanceTooLow):
            dry_run([payout("p", promoter, 1)], actor=SYSTEM)
        (posted,) = post_transactions([capture("k", to=promoter)], actor=SYSTEM)
        assert (planned.key, planned.booked_on, planned.repeated) == (posted.key, posted.booked_on, False)


def test_a_batch_costs_as_many_statements_as_one(merchant: UUID) -> None:
    accounts = [held_seller(uuid7()) for _ in range(8)] + [released_promoter(uuid7()) for _ in range(8)]

    def statements(size: int, tag: str) -> int:
        batch = [capture(f"{tag}{number}", 10, to=accounts[number % 16]) for number in range(size)]
        with merchant_scope(merchant), sent_statements() as sent:
            post_transactions(batch, actor=SYSTEM)
        return len(sent)

    statements(16, "warm")
    assert statements(64, "many") == statements(9, "few") <= 9


def test_a_second_batch_may_not_lock_balances_after_the_day(merchant: UUID) -> None:
    promoter = released_promoter(PROMOTER)
    with merchant_scope(merchant):
        post_transactions([capture("a")], actor=SYSTEM)
        post_transactions([capture("b")], actor=SYSTEM)
        with pytest.raises(LockOrderBroken):
            post_transactions([capture("c", to=promoter)], actor=SYSTEM)


def test_who_posted_is_kept(merchant: UUID) -> None:
    clerk = Actor("staff", uuid7())
    with merchant_scope(merchant):
        post_transactions([capture("k")], actor=clerk)
        with connection.cursor() as cursor:
            cursor.execute("select actor_kind, actor_id from ledger_transaction")
            assert cursor.fetchall() == [("staff", clerk.id)]


def test_the_day_is_the_merchants_own(merchant: UUID) -> None:
    assert today() == (clock.now() + timedelta(hours=8)).date(), "China is eight hours ahead, all year"
    with merchant_scope(merchant):
        assert post_transactions([capture("k")], actor=SYSTEM)[0].booked_on == today()


def test_a_day_that_has_not_begun_is_refused(merchant: UUID) -> None:
    with merchant_scope(merchant), pytest.raises(DayNotOpen):
        post_transactions([capture("k", booked_on=today() + timedelta(days=1))], actor=SYSTEM)


def test_balances_and_statements_at_a_day(merchant: UUID) -> None:
    line, seller = uuid7(), held_seller(SELLER)
    share = Line(BUYER_FUNDS, seller, Fen(30), line)
    with merchant_scope(merchant):
        yesterday: date = today() - timedelta(days=1)
        post_transactions([capture("a", 100, booked_on=yesterday)], actor=SYSTEM)
        post_transactions(
            [Draft("b", "share", uuid7(), [share, Line(BUYER_FUNDS, CHANNEL_FEE, Fen(1))])], actor=SYSTEM
        )
        assert (balance(BUYER_FUNDS), balance(BUYER_FUNDS, at=yesterday)) == (69, 100)
        assert balance(seller, at=yesterday - timedelta(days=1)) == 0
        assert [(row.account, row.debit, row.credit) for row in trial_balance(yesterday)] == [
            (BUYER_FUNDS, 0, 100),
            (EXTERNAL_BUYER, 100, 0),
        ]
        (statement,) = statement_of(line)
        assert [(p.destination, p.amount) for p in statement.postings] == [(seller, 30)]


def test_another_merchants_books_are_not_there(merchant: UUID) -> None:
    subject = uuid7()
    with merchant_scope(merchant):
        post_transactions([capture("k", subject=subject)], actor=SYSTEM)
    with merchant_scope(uuid7()):
        assert trial_balance() == []
        assert transactions_of(subject) == []
        assert balance(BUYER_FUNDS) == 0
        assert not post_transactions([capture("k", 5)], actor=SYSTEM)[0].repeated, (
            "keys are the merchant's own"
        )
