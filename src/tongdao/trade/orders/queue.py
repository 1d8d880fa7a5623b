"""How web processes place: requests wait in line, and this process's committer places them in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tongdao.foundation.committing import GroupCommit
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.party.people.models import Person
from tongdao.party.people.operations import persons_of_tokens
from tongdao.party.people.refusals import TokenInvalid
from tongdao.trade.orders.operations.placing import Placed, place
from tongdao.trade.orders.wishing import Wish


@dataclass(frozen=True, slots=True)
class Spoken:
    """The wish of whoever `token` speaks for, who is looked up with the batch: in a rush each request comes
    with another token, and one statement finds all of them. The wish names nobody until then.
    """

    token: str
    wish: Wish


def commit(merchant_id: UUID, asked: Sequence[Wish | Spoken]) -> list[Placed | Refusal]:
    """Find who speaks, place what they wish; the answer to each at its position."""
    tokens = [each.token for each in asked if isinstance(each, Spoken)]
    found = iter(persons_of_tokens(tokens)) if tokens else iter(())
    named = [each if isinstance(each, Wish) else _named(each, found) for each in asked]
    wishes = [each for each in named if isinstance(each, Wish)]
    placed = iter(place(merchant_id, wishes) if wishes else [])
    return [each if isinstance(each, Refusal) else next(placed) for each in named]


def _named(spoken: Spoken, found: Iterator[Person | TokenInvalid]) -> Wish | TokenInvalid:
    person = next(found)
    return person if isinstance(person, TokenInvalid) else spoken.wish.of(person.id)


placing: GroupCommit[Wish | Spoken, Placed] = GroupCommit("place", commit)
"""One for each process. Limits: 64 wishes a batch, 1,000 waiting a merchant, 4,000 in all."""


def submit(merchant_id: UUID, wish: Wish | Spoken) -> Placed:
    """Place `wish` with whatever else waits. Raises its refusal, TokenInvalid, or QueueFull at once.

    Call it outside any scope: who waits holds no connection, or the committer would find none.
    """
    assert_outside_scope()
    connection.close()
    return placing.submit(merchant_id, wish)
