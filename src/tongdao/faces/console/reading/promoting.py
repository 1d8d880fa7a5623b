"""Links with what came through them, and promoters with their links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from tongdao.faces.console.reading.people import sign_in_names
from tongdao.faces.console.reading.shop import link_url
from tongdao.foundation.refusals import NotFound
from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.models import ShareLink, Touch
from tongdao.trade.orders.models import TouchCandidate


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A short link. `visits` came through it, `orders` were won by one of them."""

    link_id: UUID
    url: str
    channel: str
    target: str
    promoter: str
    visits: int
    orders: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PromoterRow:
    promoter_id: UUID
    name: str
    sign_in: str
    joined_at: datetime
    left_at: datetime | None
    links: int


def link_row(link_id: UUID) -> LinkRow:
    """Raises NotFound."""
    rows = _rows(list(_links().filter(pk=link_id)))
    if not rows:
        raise NotFound()
    return rows[0]


def _links() -> QuerySet[ShareLink]:
    return ShareLink.objects.select_related("product", "promoter", "storefront")


def _rows(links: Sequence[ShareLink]) -> list[LinkRow]:
    ids = [link.id for link in links]
    visits = _counts(Touch.objects.filter(link_id__in=ids), "link_id")
    orders = _counts(TouchCandidate.objects.filter(touch__link_id__in=ids, won=True), "touch__link_id")
    return [
        LinkRow(
            link_id=link.id,
            url=link_url(link.token),
            channel=link.channel,
            target=link.product.title if link.product else link.storefront.name,
            promoter=link.promoter.shown_name if link.promoter else "",
            visits=visits.get(link.id, 0),
            orders=orders.get(link.id, 0),
            created_at=link.created_at,
        )
        for link in links
    ]


def _counts(rows: QuerySet[Touch] | QuerySet[TouchCandidate], column: str) -> dict[UUID, int]:
    counted = rows.order_by().values_list(column).annotate(many=Count("id"))
    return dict(counted)


def promoter_row(promoter_id: UUID) -> PromoterRow:
    """Raises NotFound."""
    row = Promoter.objects.filter(pk=promoter_id).first()
    if row is None:
        raise NotFound()
    links = ShareLink.objects.filter(promoter=row).count()
    sign = sign_in_names([row.person_id]).get(row.person_id, "")
    return PromoterRow(row.id, row.shown_name, sign, row.joined_at, row.left_at, links)
