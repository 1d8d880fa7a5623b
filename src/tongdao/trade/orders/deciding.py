"""`decide` is pure: which requests of a batch are placed, greedily and in their order of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tongdao.foundation.idempotency import DuplicateRequest
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.terms.agreements.refusals import NotDelivered
from tongdao.terms.promotions.locking import Locked as LockedPromotions
from tongdao.terms.promotions.locking import object_to, take
from tongdao.terms.promotions.refusals import FlashSoldOut, LimitReached
from tongdao.trade.orders.quoting import AMOUNTS, Quote, QuotedLine
from tongdao.trade.orders.refusals import (
    NotSaleable,
    OutOfStock,
    PriceChanged,
    PromiseChanged,
    TotalChanged,
)
from tongdao.trade.orders.wishing import Wish

ANNOUNCED = (FlashSoldOut.code, LimitReached.code)


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """A wish with its price, as of now."""

    wish: Wish
    member_id: UUID
    quote: Quote


@dataclass(frozen=True, slots=True)
class Answered:
    """A key that was answered before."""

    digest: bytes
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Locked:
    """What was read after the locks were taken: units to promise, SKUs as they are, keys answered, offers.

    `promotions` and `budgets` are lowered by what is accepted, so a `Locked` serves one decision.
    """

    available: Mapping[UUID, int]
    skus: Mapping[UUID, tuple[int, bool]]  # price version, saleable
    answers: Mapping[UUID, Answered]
    promotions: LockedPromotions = field(default_factory=LockedPromotions)
    budgets: dict[UUID, Fen] = field(default_factory=dict)  # what is left of rules' budgets, by rule


@dataclass(slots=True)
class Decision:
    """For each request, by position: placed, repeats an earlier answer, or refused."""

    accepted: list[int] = field(default_factory=list)
    repeated: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    same_as: dict[int, int] = field(default_factory=dict)  # repeats an accepted one of this batch
    refused: dict[int, Refusal] = field(default_factory=dict)


def decide(requests: Sequence[PlaceRequest], locked: Locked) -> Decision:
    """Go through the requests in order; each one accepted lowers what is left for those after it."""
    left = dict(locked.available)
    first: dict[UUID, int] = {}
    decision = Decision()
    for position, request in enumerate(requests):
        earlier = locked.answers.get(request.wish.key_id)
        twin = first.get(request.wish.key_id)
        if earlier is not None:
            _repeat(decision, position, request, earlier)
        elif twin is not None:
            _twin(decision, position, request, twin, requests[twin])
        elif refusal := _objection(request, left, locked):
            decision.refused[position] = refusal
        else:
            decision.accepted.append(position)
            first[request.wish.key_id] = position
            _take(request, left, locked)
    return decision


def _take(request: PlaceRequest, left: dict[UUID, int], locked: Locked) -> None:
    for line in request.quote.lines:
        if line.source:
            left[line.source.stock_id] -= line.quantity
    take(locked.promotions, request.quote.reduction.claims, request.member_id)


def _repeat(decision: Decision, position: int, request: PlaceRequest, earlier: Answered) -> None:
    if earlier.digest == request.wish.digest:
        decision.repeated[position] = earlier.answer
    else:
        decision.refused[position] = DuplicateRequest(key=request.wish.key)


def _twin(decision: Decision, position: int, request: PlaceRequest, twin: int, other: PlaceRequest) -> None:
    if other.wish.digest == request.wish.digest:
        decision.same_as[position] = twin
    else:
        decision.refused[position] = DuplicateRequest(key=request.wish.key)


def _objection(request: PlaceRequest, left: Mapping[UUID, int], locked: Locked) -> Refusal | None:
    """Why the request cannot be placed, naming every line concerned, or None."""
    quote, wish = request.quote, request.wish
    if refusal := _unlike_seen(quote, locked.skus):
        return refusal
    if quote.freight.unserved:
        return NotDelivered(skus=[str(id) for id in quote.freight.unserved])
    if unkept := _unkept(quote, seen=bool(wish.quote_version)):
        return unkept
    if wish.quote_version and wish.quote_version != quote.version:
        return _changed(quote, wish.quote_version)
    if short := _short(quote.lines, left):
        return OutOfStock(skus=short)
    return object_to(quote.reduction.claims, request.member_id, locked.promotions, wish.placed_at)


def _changed(quote: Quote, seen: str) -> Refusal:
    """It is not what the buyer confirmed: the amounts, or only what can be given back of it."""
    same_amounts = seen[:AMOUNTS] == quote.version[:AMOUNTS]
    refusal = PromiseChanged if same_amounts else TotalChanged
    return refusal(quote_version=quote.version, total_fen=quote.total_fen)


def _unkept(quote: Quote, *, seen: bool) -> Refusal | None:
    """An offer that was asked for does not hold; or, where no quote was `seen`, one that was announced is
    gone, so that the buyer would pay the full price without knowing it.
    """
    if quote.reduction.rejected:
        return quote.reduction.rejected[0].refusal
    gone = [told.refusal for told in quote.reduction.missed if told.code in ANNOUNCED]
    return gone[0] if gone and not seen else None


def _unlike_seen(quote: Quote, skus: Mapping[UUID, tuple[int, bool]]) -> Refusal | None:
    """Something is not for sale any more, or its price is not the one that was seen."""
    gone = [str(id) for id in quote.unknown]
    gone += [_id(line) for line in quote.lines if not skus.get(line.facts.sku_id, (0, False))[1]]
    if gone:
        return NotSaleable(skus=gone)
    changed = [_id(line) for line in quote.lines if _price_moved(line, skus[line.facts.sku_id][0])]
    return PriceChanged(skus=changed) if changed else None


def _price_moved(line: QuotedLine, version: int) -> bool:
    seen = line.facts.price_version if line.seen_version is None else line.seen_version
    return version != seen or version != line.facts.price_version


def _short(lines: Sequence[QuotedLine], left: Mapping[UUID, int]) -> list[dict[str, Any]]:
    """Every short line with what is left of it; lines of one stock are added up."""
    wanted: dict[UUID, int] = {}
    for line in lines:
        if line.source:
            wanted[line.source.stock_id] = wanted.get(line.source.stock_id, 0) + line.quantity
    short = []
    for line in lines:
        available = left.get(line.source.stock_id, 0) if line.source else 0
        if line.source is None or wanted[line.source.stock_id] > available:
            short.append({"sku": _id(line), "available": max(available, 0)})
    return short


def _id(line: QuotedLine) -> str:
    return str(line.facts.sku_id)
