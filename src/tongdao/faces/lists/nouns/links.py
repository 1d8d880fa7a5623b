from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import Choice, Dates, Rows, Words, coded
from tongdao.faces.lists.people import promoter_names, promoter_options
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import CHANNELS
from tongdao.goods.catalog.models import Product
from tongdao.goods.search.queries import find_products
from tongdao.party.merchants.models import Storefront
from tongdao.reach.traffic.models import ShareLink, Touch
from tongdao.trade.orders.models import TouchCandidate

MOST = 200  # products that words may mean


def link_url(token: str) -> str:
    """The full address of a short link, as it is printed and sent."""
    return f"{settings.BASE_URL}/l/{token}"


def targets_of(links: Sequence[ShareLink]) -> Mapping[UUID, str]:
    """Title of the product, or name of the storefront."""
    products = Product.objects.filter(pk__in={link.product_id for link in links})
    titles = dict(products.values_list("id", "title"))
    stores = dict(Storefront.objects.values_list("id", "name"))
    return {
        link.id: titles.get(link.product_id, "") if link.product_id else stores.get(link.storefront_id, "")
        for link in links
    }


def promoters_of(links: Sequence[ShareLink]) -> Mapping[UUID, str]:
    names = promoter_names(link.promoter_id for link in links if link.promoter_id)
    return {link.id: names.get(link.promoter_id, "") for link in links if link.promoter_id}


def visits_of(links: Sequence[ShareLink]) -> Mapping[UUID, int]:
    """Visits that came through it."""
    return _counts(Touch.objects.filter(link__in=links), "link_id")


def orders_of(links: Sequence[ShareLink]) -> Mapping[UUID, int]:
    """Orders that one of its visits won."""
    return _counts(TouchCandidate.objects.filter(touch__link__in=links, won=True), "touch__link_id")


def _counts(rows: QuerySet[Touch] | QuerySet[TouchCandidate], column: str) -> dict[UUID, int]:
    return dict(rows.order_by().values_list(column).annotate(many=Count("id")))


def _by_goods(rows: Rows, typed: str) -> Rows:
    return rows.filter(product_id__in=find_products(typed, limit=MOST, hidden=True).ids)


LINKS = ListSpec(
    noun="links",
    title=_("Links"),
    need="links.create",
    model=ShareLink,
    rows=lambda: ShareLink.objects.all(),
    parts={"target": targets_of, "promoter": promoters_of, "visits": visits_of, "orders": orders_of},
    columns=(
        Column(
            "target",
            _("Leads to"),
            lambda link, target: target,
            part="target",
            link=lambda row, _: Link("link", {"link_id": row.id}),
        ),
        Column("url", _("Address"), lambda link, _: link_url(link.token), "muted", shown=False),
        Column("entrance", _("Shown in"), lambda link, _: str(CHANNELS.get(link.channel, link.channel))),
        Column("promoter", _("Promoter"), lambda link, name: name, part="promoter"),
        Column("made", _("Made"), lambda link, _: link.created_at, "time"),
        Column("visits", _("Visits"), lambda link, many: many or 0, "num", part="visits"),
        Column("orders", _("Orders"), lambda link, many: many or 0, "num", part="orders"),
    ),
    filters=(
        Words("q", _("Goods"), _by_goods),
        Choice("entrance", _("Shown in"), lambda: options(CHANNELS), coded("channel")),
        Choice("promoter", _("Promoter"), promoter_options, coded("promoter_id"), fixed=False),
        Dates("made", _("Made"), "created_at"),
    ),
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
