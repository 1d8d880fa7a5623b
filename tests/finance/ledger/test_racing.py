"""Two connections with one key: one set of postings, and both get the same answer."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from tests.finance.ledger.support import Crowd, capture
from tongdao.finance.ledger.chart import BUYER_FUNDS, AccountRef, held_seller, released_seller
from tongdao.finance.ledger.operations import Draft, Posted, post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.refusals import TransactionKeyReused
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

SELLER = uuid7()
SHARES = [None, held_seller(SELLER), released_seller(SELLER)]


def post(*batch: Draft) -> list[Posted]:
    return post_transactions(batch, actor=SYSTEM)


def warm(merchant: UUID) -> None:
    """Make accounts and day, so that the race is for the key and not for them."""
    with merchant_scope(merchant):
        post(capture("warm", 1, to=held_seller(SELLER)), capture("warmer", 1, to=released_seller(SELLER)))


@pytest.mark.parametrize("warmed", [True, False])
@pytest.mark.parametrize("to", SHARES)
def test_the_second_waits_for_the_first_and_repeats_it(
    merchant: UUID, crowd: Crowd, to: AccountRef | None, warmed: bool
) -> None:
    draft = capture("k", 100, to=to)
    if warmed:
        warm(merchant)
    with merchant_scope(merchant):
        (first,) = post(draft)
        second = crowd.start(merchant, lambda: post(draft))
        crowd.wait_until_blocked()
    assert second.result() == [Posted(first.id, "k", first.booked_on, repeated=True)]
    with merchant_scope(merchant), connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_transaction where key = 'k'")
        assert cursor.fetchone() == (1,)
        cursor.execute(
            "select count(*) from ledger_posting p join ledger_transaction t on t.id = transaction_id"
            " where t.key = 'k'"
        )
        assert cursor.fetchone() == (len(draft.postings),)
    assert_ledger_sound(merchant)


def test_the_second_is_the_first_when_the_first_rolls_back(merchant: UUID, crowd: Crowd) -> None:
    warm(merchant)
    draft = capture("k", 100, to=released_seller(SELLER))
    with pytest.raises(ZeroDivisionError), merchant_scope(merchant):
        post(draft)
        second = crowd.start(merchant, lambda: post(draft))
        crowd.wait_until_blocked()
        raise ZeroDivisionError
    assert not second.result()[0].repeated
    assert_ledger_sound(merchant)


def test_another_input_under_the_key_that_waits_is_refused(merchant: UUID, crowd: Crowd) -> None:
    warm(merchant)
    with merchant_scope(merchant):
        post(capture("k", 100))
        second = crowd.start(merchant, lambda: post(capture("fine", 5), capture("k", 200)))
        crowd.wait_until_blocked()
    assert isinstance(second.exception(), TransactionKeyReused)
    with merchant_scope(merchant):
        assert balance(BUYER_FUNDS) == 100, "its neighbour in the batch went with it"


@pytest.mark.parametrize("to", SHARES[1:])
def test_many_with_one_batch(merchant: UUID, crowd: Crowd, to: AccountRef) -> None:
    batch = [capture(f"k{number}", 10, to=to) for number in range(8)]
    batches = [batch[turn:] + batch[:turn] for turn in range(6)]  # each in another order
    results = [crowd.start(merchant, partial(post, *one)) for one in batches]
    posted = [answer for result in results for answer in result.result()]
    assert sorted(answer.key for answer in posted if not answer.repeated) == [draft.key for draft in batch]
    assert len({answer.id for answer in posted}) == len(batch)
    with merchant_scope(merchant):
        assert balance(to) == 80
    assert_ledger_sound(merchant)
