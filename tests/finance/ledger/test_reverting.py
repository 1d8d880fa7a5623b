"""500 transactions, each reverted twice at the same time: once is once, and the books stand at zero again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from tests.finance.ledger.support import capture
from tests.interleaving.scratch import scratch_database
from tongdao.finance.ledger.chart import held_seller, released_seller
from tongdao.finance.ledger.models import Transaction
from tongdao.finance.ledger.operations import post_transactions, reverse_transaction
from tongdao.finance.ledger.queries import trial_balance
from tongdao.finance.ledger.refusals import AlreadyReversed, BalanceTooLow
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

MANY = 500
LANES = 3  # pairs of connections that go through the transactions side by side
PATIENCE = 120.0
FEN = 100


@pytest.fixture
def unguarded(cluster: object) -> Iterator[None]:
    """A database in which nothing says that a transaction is reversed once."""
    with scratch_database(["drop index ledger_transaction_reversed_once"]):
        yield


def book(merchant: UUID) -> list[UUID]:
    """Half of them to accounts without a limit, where nothing but the key stands between two."""
    shares = [held_seller(uuid7()), released_seller(uuid7())]
    batch = [capture(f"k{number}", FEN, to=shares[number % 2]) for number in range(MANY)]
    with merchant_scope(merchant):
        return [posted.id for posted in post_transactions(batch, actor=SYSTEM)]


def revert_twice(merchant: UUID, ids: Sequence[UUID]) -> Counter[str]:
    """Both hands of a lane begin with each transaction together; how the attempts ended."""
    lanes = [ids[lane::LANES] for lane in range(LANES)]
    starts = [Barrier(2, timeout=PATIENCE) for _ in lanes]

    def hand(lane: int, name: str) -> Counter[str]:
        ends: Counter[str] = Counter()
        try:
            for id in lanes[lane]:
                starts[lane].wait()
                ends[_revert(merchant, id, f"{name}:{id}")] += 1
        finally:
            connection.close()
        return ends

    with ThreadPoolExecutor(2 * LANES) as pool:
        hands = [pool.submit(hand, lane, name) for lane in range(LANES) for name in ("left", "right")]
        return sum((each.result() for each in hands), Counter[str]())


def _revert(merchant: UUID, id: UUID, key: str) -> str:
    try:
        with merchant_scope(merchant):
            posted = reverse_transaction(id, key, actor=SYSTEM)
    except AlreadyReversed:
        return "refused"
    except BalanceTooLow:  # the last lock, where the one before is off
        return "too low"
    return "repeated" if posted.repeated else "reverted"


def stands(merchant: UUID) -> Counter[str]:
    """Balances by kind of account; the accounts that stand at zero are left out."""
    found: Counter[str] = Counter()
    with merchant_scope(merchant):
        for row in trial_balance():
            found[row.account.kind] += row.balance
    return Counter({kind: fen for kind, fen in found.items() if fen})


def test_each_succeeds_once_is_refused_once_and_nothing_is_left(merchant: UUID) -> None:
    ids = book(merchant)
    assert stands(merchant)["external.buyer"] == -MANY * FEN
    assert revert_twice(merchant, ids) == {"reverted": MANY, "refused": MANY}
    assert stands(merchant) == Counter()
    with merchant_scope(merchant):
        undone = Transaction.objects.filter(reverses__isnull=False).values_list("reverses_id", flat=True)
        assert sorted(undone) == sorted(ids)
    assert_ledger_sound(merchant)


def test_without_the_key_the_same_is_reverted_twice(unguarded: None, merchant: UUID) -> None:
    """Negative control: more succeed than there were, and buyers are given what they never paid."""
    ends = revert_twice(merchant, ids := book(merchant))
    assert ends["reverted"] > len(ids) and ends["refused"] < MANY
    assert stands(merchant)["external.buyer"] > 0
