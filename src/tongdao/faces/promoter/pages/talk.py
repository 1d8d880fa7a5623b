"""Answering a buyer who wrote. Who the buyer is stays unknown here, in what they write as well."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongdao.faces.kit.talking import PACE, days_of, names_of, standing_of
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.notices import notice_of
from tongdao.faces.promoter.typed import text
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.trade.talk.models import MOST_LETTERS, Side
from tongdao.trade.talk.operations import Said, mark_seen, send_as_promoter
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import TalkView, talk_for_promoter

READ = MOST_LETTERS + 100
KEY = 24  # letters of a sending's own key
TAIL = 6  # digits of an order's number


@require_http_methods(["GET", "HEAD", "POST"])
@promoter_page
def talk(walk: Walk, order_id: UUID) -> HttpResponse:
    """Only of an order that pays this promoter, and writing only once its buyer has written."""
    wrong: Refusal | None = None
    if walk.request.method == "POST":
        try:
            return _say(walk, order_id)
        except NotFound:
            raise
        except Refusal as refusal:
            wrong = refusal
    view = _read(walk, order_id)
    ended = timezone.localtime(view.ends_at) if view.ends_at else None
    context = {
        "begun": view.talk_id is not None,
        "open": _open(view),
        "ended": f"{ended:%Y-%m-%d}" if ended else "",
        "action": walk.url("talk", order_id=order_id),
        "key": token(KEY),
        "most": MOST_LETTERS,
        "typed": _typed(walk) if wrong else "",
        "order_url": walk.url("order", order_id=order_id),
        **_messages(walk, view),
    }
    return walk.show(
        "talk",
        _("The buyer's questions"),
        context,
        tab="orders",
        back="orders",
        notice=notice_of(wrong) if wrong else None,
        status=wrong.status if wrong else 200,
    )


@require_safe
@promoter_page
def talk_news(walk: Walk, order_id: UUID) -> HttpResponse:
    """The log alone, for htmx to look again; 204 while it stands as `?has=` says."""
    view = _read(walk, order_id)
    if standing_of(view) == text(walk.request.GET, "has", 64):
        return HttpResponse(status=204)
    return render(walk.request, "kit/talk_messages.html", _messages(walk, view))


def _say(walk: Walk, order_id: UUID) -> HttpResponse:
    said = Said(_typed(walk), text(walk.request.POST, "key", 64))
    post(
        walk.place.merchant_id,
        lambda _kept: send_as_promoter(order_id, said, actor=walk.actor),
        (),
        actor=walk.actor,
    )
    return redirect(walk.url("talk", order_id=order_id) + "#say")


def _typed(walk: Walk) -> str:
    """With its line ends, which `text` takes out."""
    lines = str(walk.request.POST.get("text", ""))[:READ].splitlines()
    return "\n".join(text({"line": line}, "line", READ) for line in lines).strip()


def _read(walk: Walk, order_id: UUID) -> TalkView:
    before = text(walk.request.GET, "before", 8)
    place = int(before) if before.isascii() and before.isdigit() else None
    with walk.scope():
        view = talk_for_promoter(order_id, before=place, actor=walk.actor)
        if view.talk_id and view.messages:
            mark_seen(view.talk_id, Side.PROMOTER, view.messages[-1].seq)
    return view


def _messages(walk: Walk, view: TalkView) -> dict[str, Any]:
    here, there = (walk.url(name, order_id=view.order_id) for name in ("talk", "talk_news"))
    return {
        "days": days_of(view, Side.PROMOTER, names_of(Side.PROMOTER, walk.place.name), lambda _file_id: ""),
        "none_text": _("The buyer of this order has not written to you. Only the buyer can begin."),
        "news_url": f"{there}?{urlencode({'has': standing_of(view)})}" if _open(view) else "",
        "pace": PACE,
        "earlier_url": f"{here}?{urlencode({'before': view.earlier})}" if view.earlier else "",
    }


def _open(view: TalkView) -> bool:
    return view.ends_at is None or clock.now() < view.ends_at
