"""My links, and one of them to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import segno
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.place import link_url, picture_url
from tongdao.faces.promoter.words import CHANNELS
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.reading import handle_of, product_page
from tongdao.rewards.commissions.queries import LinkResult, link_results

WECHAT = "MicroMessenger"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to. `fen` is None for a store, and for goods that are not for sale now."""

    title: str
    image_url: str = ""
    fen: Fen | None = None
    more: bool = False


@require_safe
@promoter_page
def links(walk: Walk) -> HttpResponse:
    with walk.scope():
        rows = link_results(walk.ids)
    looks = [
        {"row": row, "title": row.product_title or walk.place.name, "channel": _words(row)} for row in rows
    ]
    context = {"links": looks, "may_make": walk.promoter_id is not None}
    return walk.show("links", _("My links"), context, tab="me", back="me")


@require_safe
@promoter_page
def link(walk: Walk, link_id: UUID) -> HttpResponse:
    """To be sent by the phone's own share sheet, copied, or shown as a code. Somebody else's is 404."""
    with walk.scope():
        found = link_results(walk.ids, link_id)
        if not found:
            raise NotFound()
        row = found[0]
        target = _target(walk, row)
    url = link_url(row.token)
    context = {
        "row": row,
        "target": target,
        "url": url,
        "text": _text(target),
        "whole": f"{_text(target)} {url}",
        "code": segno.make(url, error="m", micro=False).png_data_uri(scale=6, border=3),
        "in_wechat": WECHAT in walk.request.headers.get("user-agent", ""),
        "facts": [
            Cell(_words(row), _("Shown in")),
            Cell(row.visits, _("Visits"), "num"),
            Cell(row.orders, _("Orders"), "num"),
            Cell(row.earned_fen, _("Earned"), "money"),
        ],
    }
    return walk.show("link", target.title, context, tab="share", back="links")


def _target(walk: Walk, row: LinkResult) -> Target:
    handle = handle_of(row.product_id) if row.product_id else None
    if handle is None:
        return Target(row.product_title or walk.place.name)
    page = product_page(handle)
    picture = picture_url(page.images[0].file) if page.images else ""
    cheapest = page.cheapest
    return Target(page.title, picture, cheapest.price_fen if cheapest else None, page.many_prices)


def _text(target: Target) -> str:
    """What is sent beside the address: it says that it is advertising, and the shop's own price."""
    said = [_("[Ad]"), target.title]
    if target.fen is not None:
        said.append(f"¥{yuan(target.fen)}" + (_(" and up") if target.more else ""))
    return " ".join(said)


def _words(row: LinkResult) -> str:
    return str(CHANNELS.get(row.channel, row.channel))
