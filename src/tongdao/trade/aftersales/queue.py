"""How web processes give money back: requests wait in line, and this process's committer works them off in
batches, as it does orders (docs/algorithms/checkout.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tongdao.foundation.actors import Actor
from tongdao.foundation.committing import GroupCommit, commit_each
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal
from tongdao.foundation.tenancy import assert_outside_scope, merchant_scope
from tongdao.party.merchants.permissions import Permission, rights_of
from tongdao.trade.aftersales.operations.refunding import GivenBack, RefundWish, refund_many

NEEDED: Permission = "orders.refund"


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish and who of the staff has it."""

    wish: RefundWish
    actor: Actor


def submit(merchant_id: UUID, asked: Asked) -> GivenBack:
    """Give back with whatever else waits. Raises what `refund_lines` does, or QueueFull at once; NotFound
    for who does not work there, NotAllowed for who may not refund.

    Call it outside any scope: who waits holds no connection.
    """
    assert_outside_scope()
    connection.close()
    return refunding.submit(merchant_id, asked)


def commit(merchant_id: UUID, asked: Sequence[Asked]) -> list[GivenBack | Exception]:
    """In turns, since an order is in a transaction once, and a transaction has one actor.

    The later ones answer whatever happens: a turn that is committed may not be tried again.
    """
    first, *later = _turns(asked)
    answers: dict[int, GivenBack | Exception] = dict(
        zip(first, _give(merchant_id, list(first.values())), strict=True)
    )
    for turn in later:
        answers |= zip(turn, commit_each(_give, merchant_id, list(turn.values())), strict=True)
    return [answers[position] for position in range(len(asked))]


def _turns(asked: Sequence[Asked]) -> list[dict[int, Asked]]:
    """By position in `asked`; those of one order in the order in which they came."""
    turns: dict[tuple[Actor, int], dict[int, Asked]] = {}
    seen: dict[UUID, int] = {}
    for position, one in enumerate(asked):
        number = seen[one.wish.order_id] = seen.get(one.wish.order_id, -1) + 1
        turns.setdefault((one.actor, number), {})[position] = one
    return [turns[key] for key in sorted(turns, key=lambda key: key[1])]


def _give(merchant_id: UUID, asked: Sequence[Asked]) -> list[GivenBack | Refusal]:
    actor = asked[0].actor
    with merchant_scope(merchant_id):
        rights = rights_of(actor.id) if actor.id else None
        if rights is None:
            return [NotFound()] * len(asked)
        if NEEDED not in rights.permissions:
            return [NotAllowed(permission=NEEDED)] * len(asked)
        return refund_many([one.wish for one in asked], actor=actor)


refunding: GroupCommit[Asked, GivenBack] = GroupCommit("refund", commit)
