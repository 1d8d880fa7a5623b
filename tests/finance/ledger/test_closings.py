"""Balances and trials as of any day, with and without sealed days under them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Cluster
from tests.finance.ledger.support import Superuser, capture, tampering
from tongdao.finance.ledger.chart import BUYER_FUNDS, EXTERNAL_BUYER, AccountRef, held_seller
from tongdao.finance.ledger.models import Closing
from tongdao.finance.ledger.operations import post_transactions, seal_day, seal_through
from tongdao.finance.ledger.queries import balance, trial_balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.finance.ledger.verifying import verify_seals
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

SELLER = held_seller(uuid7())
DAYS = range(5, -1, -1)  # so many days ago


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@given(
    booked=st.lists(st.tuples(st.sampled_from(DAYS), st.integers(1, 900), st.booleans()), max_size=12),
    sealed=st.sampled_from(DAYS),
)
@settings(max_examples=25, deadline=None)
def test_a_balance_is_the_sum_of_its_postings_on_every_day(
    cluster: Cluster, booked: list[tuple[int, int, bool]], sealed: int
) -> None:
    merchant = uuid7()
    with merchant_scope(merchant):
        for number, (days, fen, shared) in enumerate(booked):
            draft = capture(str(number), fen, SELLER if shared else None, booked_on=ago(days))
            post_transactions([draft], actor=SYSTEM)
    with merchant_scope(merchant):
        seal_through(ago(max(sealed, 1)), actor=SYSTEM)
    with merchant_scope(merchant):
        for days in DAYS:
            wanted = _reckoned(booked, days)
            assert {account: balance(account, at=ago(days)) for account in wanted} == wanted
            trial = {row.account: row.balance for row in trial_balance(ago(days))}
            assert {account: fen for account, fen in trial.items() if fen} == {
                account: fen for account, fen in wanted.items() if fen
            }
        assert {row.account: row.balance for row in trial_balance()} == trial
    assert_ledger_sound(merchant)


def _reckoned(booked: list[tuple[int, int, bool]], until: int) -> dict[AccountRef, int]:
    sums: Counter[AccountRef] = Counter({EXTERNAL_BUYER: 0, BUYER_FUNDS: 0, SELLER: 0})
    for days, fen, shared in booked:
        if days >= until:
            sums[EXTERNAL_BUYER] -= fen
            sums[SELLER if shared else BUYER_FUNDS] += fen
    return dict(sums)


def test_only_what_moved_has_a_closing(merchant: UUID) -> None:
    with merchant_scope(merchant):
        post_transactions([capture("a", 50, SELLER, booked_on=ago(3))], actor=SYSTEM)
        post_transactions([capture("b", 70, booked_on=ago(1))], actor=SYSTEM)
    with merchant_scope(merchant):
        seal_through(ago(1), actor=SYSTEM)
        kept = Closing.objects.order_by("day", "account__code")
        assert list(kept.values_list("day", "account__code", "given_fen", "received_fen")) == [
            (ago(3), "buyer_funds", 50, 50),
            (ago(3), "external.buyer", 50, 0),
            (ago(3), SELLER.code, 0, 50),
            (ago(1), "buyer_funds", 50, 120),
            (ago(1), "external.buyer", 120, 0),
        ]


def test_days_sealed_before_there_were_closings_are_in_the_next(merchant: UUID, superuser: Superuser) -> None:
    with merchant_scope(merchant):
        for days in (3, 2, 1):
            post_transactions([capture(str(days), 100, booked_on=ago(days))], actor=SYSTEM)
    with merchant_scope(merchant):
        seal_through(ago(2), actor=SYSTEM)
    with tampering(superuser):
        superuser.execute("delete from ledger_closing where merchant_id = %s", [merchant])
    with merchant_scope(merchant):
        assert balance(BUYER_FUNDS) == 300
        seal_day(ago(1), actor=SYSTEM)
        assert balance(BUYER_FUNDS, at=ago(1)) == 300
        assert verify_seals() == []


@pytest.mark.parametrize("column", ["given_fen", "received_fen"])
def test_a_changed_closing_is_found_and_its_account_named(
    merchant: UUID, superuser: Superuser, column: str
) -> None:
    with merchant_scope(merchant):
        for days in (3, 2):
            post_transactions([capture(str(days), 100, booked_on=ago(days))], actor=SYSTEM)
    with merchant_scope(merchant):
        seal_through(ago(2), actor=SYSTEM)
    with tampering(superuser):
        superuser.execute(
            f"update ledger_closing set {column} = {column} + 1 where merchant_id = %s and day = %s"
            " and account_id = (select id from ledger_account where merchant_id = %s and code = %s)",
            [merchant, ago(2), merchant, "buyer_funds"],
        )
    with merchant_scope(merchant):
        (problem,) = verify_seals()
    assert (problem.day, problem.what) == (ago(2), "closing") and "buyer_funds" in problem.expected
