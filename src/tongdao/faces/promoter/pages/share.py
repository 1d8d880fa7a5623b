"""Two taps: choose here, send on the page of the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.pay_words import pay_context
from tongdao.faces.promoter.place import picture_url
from tongdao.faces.promoter.typed import identifier, page_number, text
from tongdao.faces.promoter.words import CHANNELS
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.reading import handle_of, shelf
from tongdao.reach.traffic.operations import own_link
from tongdao.terms.plans.queries import Offered, Plan, offered_at, plan_at

PAGE = 24
USUAL = "chat"


@dataclass(frozen=True, slots=True)
class Choice:
    """A product to recommend. `earned_fen` is the commission at the lowest price, by today's plan."""

    product_id: UUID
    title: str
    image_url: str
    fen: Fen
    more: bool
    earned_fen: Fen


@require_http_methods(["GET", "HEAD", "POST"])
@promoter_page
def share(walk: Walk) -> HttpResponse:
    if walk.promoter_id is None:
        return redirect(walk.url("today"))
    if not walk.agreed:
        return redirect(walk.url("agreement"))
    if walk.request.method == "POST":
        return redirect(walk.url("link", link_id=_link(walk, walk.request.POST)))
    return _page(walk)


def _link(walk: Walk, typed: Mapping[str, object]) -> UUID:
    """One's own link to this for this entrance: the same one each time. Raises NotFound."""
    product_id = identifier(typed["product"]) if typed.get("product") else None
    if typed.get("product") and product_id is None:
        raise NotFound()
    channel = _channel(typed)
    with walk.scope():
        if product_id is not None and handle_of(product_id) is None:
            raise NotFound()
        assert walk.promoter_id is not None  # `share` looked
        return own_link(walk.promoter_id, channel, product_id, actor=walk.actor).id


def _channel(typed: Mapping[str, object]) -> str:
    wanted = text(typed, "channel", 24)
    return wanted if wanted in CHANNELS else USUAL


def _page(walk: Walk) -> HttpResponse:
    number, channel = page_number(walk.request.GET), _channel(walk.request.GET)
    first = (number - 1) * PAGE
    with walk.scope():
        plan = plan_at(clock.now())
        found = shelf(offset=first, limit=PAGE)
        goods = {card.product_id: card.from_fen for card in found.cards}
        earned = _earned(walk, plan, channel, goods)
    choices = [
        Choice(
            card.product_id,
            card.title,
            picture_url(card.picture),
            card.from_fen,
            card.many_prices,
            earned[card.product_id],
        )
        for card in found.cards
    ]
    last = first + len(choices)
    here = walk.url("share")
    context = {
        "channel": channel,
        "channels": [
            NavItem(f"{here}?{urlencode({'channel': name})}", str(words), current=name == channel)
            for name, words in CHANNELS.items()
        ],
        "choices": choices,
        **pay_context(plan),
        "front": number == 1,
        "previous_url": _turn(here, channel, number - 1) if number > 1 else "",
        "next_url": _turn(here, channel, number + 1) if last < found.total and choices else "",
    }
    return walk.show("share", _("What do you recommend?"), context, tab="share")


def _earned(walk: Walk, plan: Plan | None, channel: str, goods: Mapping[UUID, Fen]) -> Mapping[UUID, Fen]:
    """What one piece of each product at its lowest price would earn this promoter by this entrance, today."""
    if plan is None or walk.promoter_id is None:
        return dict.fromkeys(goods, Fen(0))
    return offered_at(clock.now(), plan, Offered(walk.promoter_id, channel), goods)


def _turn(here: str, channel: str, number: int) -> str:
    return f"{here}?{urlencode({'channel': channel, 'page': number})}"
