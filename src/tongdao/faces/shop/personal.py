"""What of a page is one visitor's own: filled into the holes of pages that all share (shared.py).

A visitor without a cookie has nothing of the kind, and costs nothing. A new part is a line in PARTS and
`{% hole "name" %}` in the template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from tongdao.crm.reputation.queries import promoter_reputation
from tongdao.faces.kit.reputation_words import score_text
from tongdao.faces.kit.templatetags.holes import badge
from tongdao.faces.shop.baskets import count_cart
from tongdao.faces.shop.buyers import VISITOR_COOKIE, buyer_of, visitor_of
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.queries import favourite_ids
from tongdao.reach.traffic.queries import recommending
from tongdao.rulebook import trade

PERSONAL_COOKIES = frozenset({settings.SESSION_COOKIE_NAME, VISITOR_COOKIE, "messages"})


def parts_of(request: HttpRequest, merchant_id: UUID, holes: Iterable[str]) -> dict[str, str]:
    """The HTML of each hole, for this visitor. Call it outside a scope."""
    wanted = set(holes)
    if not wanted or (request.method in ("GET", "HEAD") and PERSONAL_COOKIES.isdisjoint(request.COOKIES)):
        return {}
    with merchant_scope(merchant_id):
        return {name: PARTS[name](request) for name in wanted}


def _cart(request: HttpRequest) -> str:
    buyer = buyer_of(request)
    return badge(count_cart(buyer)) if buyer else ""


def _messages(request: HttpRequest) -> str:
    said = list(get_messages(request))
    return render_to_string("kit/messages.html", {"messages": said}) if said else ""


def _friend(request: HttpRequest) -> str:
    now = clock.now()
    friend = recommending(
        visitor=visitor_of(request),
        person_id=buyer_of(request),
        at=now,
        window=trade.ATTRIBUTION_WINDOW.on(now),
    )
    if friend is None:
        return ""
    standing = promoter_reputation(friend.id, now)
    context = {
        "friend": friend.shown_name,
        "score": score_text(standing),
        "reviews": standing.reviews,
        "how_url": _how_url(request),
    }
    return render_to_string("shop/part/friend.html", context)


def _how_url(request: HttpRequest) -> str:
    """Where the formula stands; empty where the address names no store."""
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    return reverse("shop:about", kwargs={"slug": slug}) + "#how" if slug else ""


def _hearts(request: HttpRequest) -> str:
    """The ids of what the visitor keeps in mind: the script fills those hearts."""
    buyer = buyer_of(request)
    kept = " ".join(map(str, favourite_ids(buyer))) if buyer else ""
    return format_html('<data value="{}" data-kept></data>', kept) if kept else ""


PARTS: dict[str, Callable[[HttpRequest], str]] = {
    "cart": _cart,
    "friend": _friend,
    "hearts": _hearts,
    "messages": _messages,
}
