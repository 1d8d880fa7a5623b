"""A promoter's links with what came through each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from tongdao.foundation.money import Fen
from tongdao.reach.traffic.models import ShareLink, Touch
from tongdao.rewards.commissions.queries.shares import shares_of
from tongdao.rewards.commissions.queries.trend import EARNING

MOST = 200


@dataclass(frozen=True, slots=True)
class LinkResult:
    """`visits` came through it, and won `orders`, which are paid and stand; they bring `earned_fen`."""

    link_id: UUID
    token: str
    channel: str
    product_id: UUID | None
    product_title: str
    created_at: datetime
    visits: int
    orders: int
    earned_fen: Fen


def link_results(promoter_ids: Sequence[UUID], link_id: UUID | None = None) -> list[LinkResult]:
    """The latest links first, or the one that is asked for (none, where it is somebody else's)."""
    links = ShareLink.objects.filter(promoter_id__in=list(promoter_ids)).select_related("product")
    if link_id is not None:
        links = links.filter(pk=link_id)
    rows = list(links.order_by("-created_at", "-id")[:MOST])
    visits = dict(
        Touch.objects.filter(link__in=rows).order_by().values_list("link_id").annotate(many=Count("id"))
    )
    won = _won(promoter_ids)
    return [
        LinkResult(
            row.id,
            row.token,
            row.channel,
            row.product_id,
            row.product.title if row.product else "",
            row.created_at,
            visits.get(row.id, 0),
            *won.get(row.id, (0, Fen(0))),
        )
        for row in rows
    ]


def _won(promoter_ids: Sequence[UUID]) -> dict[UUID, tuple[int, Fen]]:
    """By link: the orders that one of its touches won, and what they bring. A line has one such touch."""
    rows = (
        shares_of(promoter_ids)
        .filter(line__order__state__in=EARNING, line__order__touches__won=True)
        .order_by()
        .values_list("line__order__touches__touch__link_id")
        .annotate(orders=Count("line__order_id", distinct=True), fen=Sum("kept"))
    )
    return {link_id: (orders, Fen(int(fen))) for link_id, orders, fen in rows}
