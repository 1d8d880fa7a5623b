"""`place`: a batch of requests of one merchant in one short transaction. The only way to an order.

Lock, then read, then decide, then write: the locks and the reads are statements of their own, because a
snapshot that is older than the lock it waited for would not see the neighbour's stock or key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import IntegrityError

from tongdao.foundation.idempotency import first_answers, lock_keys
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import saleable_versions
from tongdao.goods.inventory.operations import lock_available
from tongdao.party.members.operations import ensure_members
from tongdao.terms.promotions.locking import lock_and_read
from tongdao.trade.orders.deciding import Answered, Decision, Locked, PlaceRequest, decide
from tongdao.trade.orders.operations.writing import write_purchases
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import quote
from tongdao.trade.orders.wishing import Wish

NUMBER_DRAWS = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A purchase that exists. `repeated`: it was placed by an earlier request with the same key."""

    purchase_id: UUID
    order_ids: tuple[UUID, ...]
    total_fen: Fen
    currency: str
    pay_by: datetime
    repeated: bool = False

    @classmethod
    def from_answer(cls, answer: Any) -> Placed:
        return cls(
            purchase_id=UUID(answer["purchase_id"]),
            order_ids=tuple(UUID(id) for id in answer["order_ids"]),
            total_fen=Fen(answer["total_fen"]),
            currency=answer["currency"],
            pay_by=datetime.fromisoformat(answer["pay_by"]),
            repeated=True,
        )


def place(merchant_id: UUID, wishes: Sequence[Wish]) -> list[Placed | Refusal]:
    """Place what can be placed, in the order given; the answer to each stands at its position.

    Opens its own scope: all that was accepted is committed with its stock, keys and events, or nothing is.
    """
    for _ in range(NUMBER_DRAWS):
        try:
            return _place(merchant_id, wishes)
        except IntegrityError as error:
            if not _number_taken(error):
                raise
    return _place(merchant_id, wishes)


def _number_taken(error: IntegrityError) -> bool:
    """The human number of an order was drawn before: nothing is wrong with the order."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name == "order_number"


def _place(merchant_id: UUID, wishes: Sequence[Wish]) -> list[Placed | Refusal]:
    with merchant_scope(merchant_id):
        requests = _price(wishes)
        locked = _lock_and_read(requests)
        decision = decide(requests, locked)
        placed = write_purchases([requests[position] for position in decision.accepted], locked.promotions)
    answers = dict(zip(decision.accepted, (Placed(*fields) for fields in placed), strict=True))
    return [_answer(position, decision, answers) for position in range(len(requests))]


def _price(wishes: Sequence[Wish]) -> list[PlaceRequest]:
    """Before anything is locked: who buys, what stands, what it costs."""
    members = ensure_members(wish.person_id for wish in wishes)
    terms = read_terms([wish.asked for wish in wishes])
    return [
        PlaceRequest(wish, members[wish.person_id], quote(wish.asked, read))
        for wish, read in zip(wishes, terms, strict=True)
    ]


def _lock_and_read(requests: Sequence[PlaceRequest]) -> Locked:
    """All locks first. A locking statement gives its rows as they are after the wait; what no lock of this
    batch guards is read afterwards, by statements whose snapshots are younger than the waits.
    """
    keys = [request.wish.key_id for request in requests]
    lines = [line for request in requests for line in request.quote.lines]
    lock_keys(keys)
    available = lock_available({line.source.stock_id for line in lines if line.source})
    promotions = lock_and_read([(each.member_id, each.quote.reduction.claims) for each in requests])
    return Locked(
        available=available,
        skus=saleable_versions({line.facts.sku_id for line in lines}),
        answers={id: Answered(digest, answer) for id, (digest, answer) in first_answers(keys).items()},
        promotions=promotions,
    )


def _answer(position: int, decision: Decision, placed: dict[int, Placed]) -> Placed | Refusal:
    if position in placed:
        return placed[position]
    if position in decision.refused:
        return decision.refused[position]
    if position in decision.repeated:
        return Placed.from_answer(decision.repeated[position])
    twin = placed[decision.same_as[position]]
    return Placed(twin.purchase_id, twin.order_ids, twin.total_fen, twin.currency, twin.pay_by, True)
