"""`place`: a batch of requests of one merchant in one short transaction. The only way to an order.

Lock, then read, then decide, then write: the locks and the reads are statements of their own, because a
snapshot that is older than the lock it waited for would not see the neighbour's stock or key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import IntegrityError

from tongdao.foundation.idempotency import ask_first_answers, ask_lock_keys
from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, gather, read
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import ask_saleable_versions
from tongdao.goods.inventory.operations import ask_lock_available
from tongdao.party.members.operations import ask_members
from tongdao.party.people.models import Person
from tongdao.party.people.operations import ask_persons_of_tokens
from tongdao.party.people.refusals import TokenInvalid
from tongdao.terms.plans.budgets import ask_lock_budgets
from tongdao.terms.promotions.locking import ask_lock_and_read
from tongdao.trade.orders.deciding import Answered, Decision, Locked, PlaceRequest, decide
from tongdao.trade.orders.operations.writing import Draft, draft_purchase, write_purchases
from tongdao.trade.orders.queries.terms import Common, ask_common, ask_own_terms
from tongdao.trade.orders.quoting import Terms, quote
from tongdao.trade.orders.wishing import Spoken, Wish

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


def place(merchant_id: UUID, asked: Sequence[Wish | Spoken]) -> list[Placed | Refusal]:
    """Place what can be placed, in the order given; the answer to each stands at its position.

    Opens its own scope: all that was accepted is committed with its stock, keys and events, or nothing is.
    """
    for _ in range(NUMBER_DRAWS):
        try:
            return _place(merchant_id, asked)
        except IntegrityError as error:
            if not _number_taken(error):
                raise
    return _place(merchant_id, asked)


def _number_taken(error: IntegrityError) -> bool:
    """The human number of an order was drawn before: nothing is wrong with the order."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name == "order_number"


def _place(merchant_id: UUID, asked: Sequence[Wish | Spoken]) -> list[Placed | Refusal]:
    with merchant_scope(merchant_id):
        named, common = read(gather(_ask_names(asked), ask_common([each.asked for each in asked])))
        wishes = [each for each in named if isinstance(each, Wish)]
        placed = iter(_place_wishes(wishes, common) if wishes else [])
    return [each if isinstance(each, Refusal) else next(placed) for each in named]


def _ask_names(asked: Sequence[Wish | Spoken]) -> Asking[list[Wish | TokenInvalid]]:
    """Each wish with who wishes it, or why nobody does."""
    found = iter((yield from ask_persons_of_tokens([s.token for s in asked if isinstance(s, Spoken)])))
    return [each if isinstance(each, Wish) else _named(each, next(found)) for each in asked]


def _named(spoken: Spoken, person: Person | TokenInvalid) -> Wish | TokenInvalid:
    return person if isinstance(person, TokenInvalid) else spoken.wish.of(person.id)


def _place_wishes(wishes: Sequence[Wish], common: Common) -> list[Placed | Refusal]:
    priced = _price(wishes, common)
    requests = [request for request, _ in priced]
    drafts = [draft_purchase(request) for request in requests]  # before others wait for our locks
    locked = _lock_and_read(requests)
    decision = decide(requests, locked)
    for position in decision.accepted:
        drafts[position] = _within_budgets(drafts[position], priced[position][1], locked.budgets)
    write_purchases([drafts[position] for position in decision.accepted], locked.promotions)
    answers = {position: Placed(*drafts[position].fields) for position in decision.accepted}
    return [_answer(position, decision, answers) for position in range(len(requests))]


def _within_budgets(draft: Draft, terms: Terms, left: dict[UUID, Fen]) -> Draft:
    """The draft while rules with a budget have enough `left` for it, which it lowers; else one in which the
    next rules serve. What the buyer pays is the same.
    """
    quoted = draft.request.quote
    if any(fen > left.get(rule, 0) for rule, fen in quoted.spends.items()):
        assert terms.plan is not None  # a rule of it was to pay
        again = quote(draft.request.wish.asked, replace(terms, plan=terms.plan.with_left(left)))
        draft = draft_purchase(replace(draft.request, quote=again))
    for rule, fen in draft.request.quote.spends.items():
        left[rule] = Fen(left[rule] - fen)
    return draft


def _price(wishes: Sequence[Wish], common: Common) -> list[tuple[PlaceRequest, Terms]]:
    """Before anything is locked: who buys, what stands, what it costs."""
    members, terms = read(
        gather(
            ask_members(wish.person_id for wish in wishes),
            ask_own_terms([wish.asked for wish in wishes], common),
        )
    )
    return [
        (PlaceRequest(wish, members[wish.person_id], quote(wish.asked, own)), own)
        for wish, own in zip(wishes, terms, strict=True)
    ]


def _lock_and_read(requests: Sequence[PlaceRequest]) -> Locked:
    """All locks first. A locking statement gives its rows as they are after the wait; what no lock of this
    batch guards is read afterwards, by statements whose snapshots are younger than the waits.
    """
    keys = [request.wish.key_id for request in requests]
    lines = [line for request in requests for line in request.quote.lines]
    _, available, promotions, budgets, skus, answers = read(
        gather(
            ask_lock_keys(keys),
            ask_lock_available({line.source.stock_id for line in lines if line.source}),
            ask_lock_and_read([(each.member_id, each.quote.reduction.claims) for each in requests]),
            ask_lock_budgets({rule for each in requests for rule in each.quote.budgets}),
            ask_saleable_versions({line.facts.sku_id for line in lines}),
            ask_first_answers(keys),
        )
    )
    return Locked(
        available=available,
        skus=skus,
        answers={id: Answered(digest, answer) for id, (digest, answer) in answers.items()},
        promotions=promotions,
        budgets=budgets,
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
