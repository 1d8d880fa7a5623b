"""`decide` is pure: which requests of a batch are placed, greedily and in their order of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation.idempotency import DuplicateRequest, key_id
from tongdao.foundation.refusals import Refusal
from tongdao.trade.orders.quoting import Quote, QuotedLine
from tongdao.trade.orders.refusals import NotSaleable, OutOfStock, PriceChanged

KEY_SCOPE = "place"


@dataclass(frozen=True, slots=True)
class Address:
    """Where it goes. The division is a county-level code of the version named."""

    recipient: str
    phone: str
    detail: str
    division_code: str
    division_version: str


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """One buyer's wish, priced. `digest` is the hash of what was asked under `key`."""

    key: str
    digest: bytes
    person_id: UUID
    member_id: UUID
    storefront_id: UUID
    address: Address
    quote: Quote
    placed_at: datetime
    pay_by: datetime

    @property
    def key_id(self) -> UUID:
        """Keys are the buyer's own: two buyers may use the same text."""
        return key_id(KEY_SCOPE, f"{self.person_id}:{self.key}")


@dataclass(frozen=True, slots=True)
class Answered:
    """A key that was answered before."""

    digest: bytes
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Locked:
    """What was read after the locks were taken: units to promise, SKUs as they are, keys answered."""

    available: Mapping[UUID, int]
    skus: Mapping[UUID, tuple[int, bool]]  # price version, saleable
    answers: Mapping[UUID, Answered]


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
        earlier = locked.answers.get(request.key_id)
        twin = first.get(request.key_id)
        if earlier is not None:
            _repeat(decision, position, request, earlier)
        elif twin is not None:
            _twin(decision, position, request, twin, requests[twin])
        elif refusal := _objection(request, left, locked.skus):
            decision.refused[position] = refusal
        else:
            decision.accepted.append(position)
            first[request.key_id] = position
            for line in request.quote.lines:
                if line.source:
                    left[line.source.stock_id] -= line.quantity
    return decision


def _repeat(decision: Decision, position: int, request: PlaceRequest, earlier: Answered) -> None:
    if earlier.digest == request.digest:
        decision.repeated[position] = earlier.answer
    else:
        decision.refused[position] = DuplicateRequest(key=request.key)


def _twin(decision: Decision, position: int, request: PlaceRequest, twin: int, other: PlaceRequest) -> None:
    if other.digest == request.digest:
        decision.same_as[position] = twin
    else:
        decision.refused[position] = DuplicateRequest(key=request.key)


def _objection(
    request: PlaceRequest, left: Mapping[UUID, int], skus: Mapping[UUID, tuple[int, bool]]
) -> Refusal | None:
    """Why the request cannot be placed, naming every line concerned, or None."""
    lines = request.quote.lines
    gone = [str(id) for id in request.quote.unknown]
    gone += [_id(line) for line in lines if not skus.get(line.facts.sku_id, (0, False))[1]]
    if gone:
        return NotSaleable(skus=gone)
    changed = [_id(line) for line in lines if _price_moved(line, skus[line.facts.sku_id][0])]
    if changed:
        return PriceChanged(skus=changed)
    short = _short(lines, left)
    return OutOfStock(skus=short) if short else None


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
