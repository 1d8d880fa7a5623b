"""Conversations as lists show them: about what, since when somebody waits. In a merchant_scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.party.network.models import Promoter
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.talk.models import Talk


@dataclass(frozen=True, slots=True)
class TalkCard:
    """`product`: the first line's title. `promoter`: the shown name of whom the buyer wrote to, or empty."""

    talk_id: UUID
    order_id: UUID
    number: str
    product: str
    promoter_id: UUID | None
    promoter: str
    buyer_waits_since: datetime | None
    last_at: datetime
    unread: int


def cards_of(rows: Sequence[Talk]) -> list[TalkCard]:
    """In their order; rows come with their orders (queries.talks)."""
    products = _products([row.order_id for row in rows])
    ids = {row.promoter_id for row in rows if row.promoter_id}
    names = dict(Promoter.objects.filter(pk__in=ids).values_list("id", "shown_name")) if ids else {}
    return [
        TalkCard(
            row.id,
            row.order_id,
            row.order.number,
            products.get(row.order_id, ""),
            row.promoter_id,
            (names.get(row.promoter_id) or "") if row.promoter_id else "",
            row.buyer_waits_since,
            row.last_at,
            row.staff_unread,
        )
        for row in rows
    ]


def _products(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Lines backwards, so that the first one's title stays."""
    lines = OrderLine.objects.filter(order_id__in=list(order_ids)).order_by("-position")
    return dict(lines.values_list("order_id", "title"))
