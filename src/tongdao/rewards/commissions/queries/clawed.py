"""What went back of a commission and why, and which older debts one has made good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from tongdao.foundation.money import Fen
from tongdao.rewards.commissions.models import Clawback, Netting

_OTHER = ("line_id", "line__title", "order__number")


@dataclass(frozen=True, slots=True)
class Clawed:
    """`amount_fen` less, because the buyer got `base_fen` of the line back; `reason` is the case's code.

    `owed_fen` of it had been paid out: it is kept back from what is released next.
    """

    title: str
    at: datetime
    reason: str
    base_fen: Fen
    amount_fen: Fen
    owed_fen: Fen


@dataclass(frozen=True, slots=True)
class KeptBack:
    """So much of an order's commission went to what was owed back for another one."""

    order_id: UUID
    number: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Netted:
    """A debt made good: `fen` of one line's commission went to what was owed for another's.

    `gave`: the line that was asked for gave, and the one told here owed; else the other way round.
    """

    gave: bool
    line_id: UUID
    title: str
    number: str
    fen: Fen
    at: datetime


def clawed(
    promoter_ids: Sequence[UUID], order_id: UUID | None = None, *, line_id: UUID | None = None
) -> list[Clawed]:
    """Of an order or of one line, the oldest first."""
    rows = Clawback.objects.filter(commission__promoter_id__in=list(promoter_ids), amount_fen__gt=0)
    if order_id is not None:
        rows = rows.filter(commission__order_id=order_id)
    if line_id is not None:
        rows = rows.filter(commission__line_id=line_id)
    columns = ("case_line__line__title", "at", "case_line__aftersale__reason")
    found = rows.order_by("at", "id").values_list(*columns, "base_fen", "amount_fen", "owed_fen")
    return [Clawed(*row) for row in found]


def kept_back(promoter_ids: Sequence[UUID], order_id: UUID) -> list[KeptBack]:
    """What the release of this order made good, by the order that it was owed for."""
    rows = Netting.objects.filter(giver__order_id=order_id, giver__promoter_id__in=list(promoter_ids))
    sums = (
        rows.order_by().values_list("debt__order_id", "debt__order__number").annotate(fen=Sum("amount_fen"))
    )
    return [KeptBack(id, number, Fen(int(fen))) for id, number, fen in sums.order_by("debt__order_id")]


def netted(promoter_ids: Sequence[UUID], line_id: UUID) -> list[Netted]:
    """What this line gave to older debts, and what later lines have made good for it; the oldest first."""
    ids = list(promoter_ids)
    mine = Q(giver__line_id=line_id, giver__promoter_id__in=ids)
    rows = Netting.objects.filter(mine | Q(debt__line_id=line_id, debt__promoter_id__in=ids))
    sides = [f"{side}__{name}" for side in ("giver", "debt") for name in _OTHER]
    found = rows.order_by("at", "id").values_list("amount_fen", "at", *sides)
    return [_netted(row, line_id) for row in found]


def _netted(row: Any, line_id: UUID) -> Netted:
    fen, at, giver, debt = row[0], row[1], row[2:5], row[5:8]
    gave = giver[0] == line_id
    values: Any = (gave, *(debt if gave else giver), fen, at)
    return Netted(*values)
