"""Conversations as the desk lists them: who waits, since when, about what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.console.reading.paging import SIZE, Place, Slice, slice_of
from tongdao.party.network.models import Promoter
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.talk.models import Talk
from tongdao.trade.talk.queries import talks


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One conversation. `promoter` is the shown name of whom the buyer wrote to, empty for the shop."""

    talk_id: UUID
    order_id: UUID
    number: str
    product: str
    promoter_id: UUID | None
    promoter: str
    waits_since: datetime | None
    last_at: datetime
    unread: int


def talk_page(place: Place, *, waiting: bool, size: int = SIZE) -> Slice[Talk]:
    """Those in which a buyer waits, the longest first; or all, the latest first."""
    if waiting:
        return slice_of(talks(waiting=True), place, time="buyer_waits_since", up=True, size=size)
    return slice_of(talks(), place, time="last_at", size=size)


def talk_rows(rows: Sequence[Talk]) -> list[TalkRow]:
    products = _products([row.order_id for row in rows])
    names = dict(
        Promoter.objects.filter(pk__in={row.promoter_id for row in rows if row.promoter_id}).values_list(
            "id", "shown_name"
        )
    )
    return [
        TalkRow(
            row.id,
            row.order_id,
            row.order.number,
            products.get(row.order_id, ""),
            row.promoter_id,
            names.get(row.promoter_id) or "" if row.promoter_id else "",
            None if row.promoter_id else row.buyer_waits_since,
            row.last_at,
            row.staff_unread,
        )
        for row in rows
    ]


def promoter_name(promoter_id: UUID | None) -> str:
    if promoter_id is None:
        return ""
    return Promoter.objects.filter(pk=promoter_id).values_list("shown_name", flat=True).first() or ""


def _products(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The first line's title of each order."""
    lines = OrderLine.objects.filter(order_id__in=list(order_ids)).order_by("-position")
    return dict(lines.values_list("order_id", "title"))
