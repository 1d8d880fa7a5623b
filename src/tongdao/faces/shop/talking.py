"""What a buyer's conversation page needs, and the news of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.kit.talking import PACE, days_of, names_of, standing_of
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.store import Store
from tongdao.faces.shop.typed import identifier, text
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.models import MOST_LETTERS, Side
from tongdao.trade.talk.operations import mark_seen
from tongdao.trade.talk.queries import TalkView, Writable, promoters_to_write_to, talk_for_buyer

WITH = "with"


def actor_of(request: HttpRequest) -> Actor:
    """Raises NotFound for who has never bought."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return Actor("person", buyer)


def promoter_asked(request: HttpRequest) -> UUID | None:
    """Of `?with=`; raises NotFound for what is no id. None is the shop."""
    asked = text(request.GET, WITH, 40)
    found = identifier(asked)
    if asked and found is None:
        raise NotFound()
    return found


def read_talk(request: HttpRequest, store: Store, order_id: UUID) -> tuple[TalkView, list[Writable]]:
    """The conversation and whom else the buyer can write to. What is shown counts as read."""
    before = text(request.GET, "before", 8)
    with merchant_scope(store.merchant_id):
        view = talk_for_buyer(
            order_id,
            promoter_id=promoter_asked(request),
            before=int(before) if before.isascii() and before.isdigit() else None,
            actor=actor_of(request),
        )
        if view.talk_id and view.messages:
            mark_seen(view.talk_id, Side.BUYER, view.messages[-1].seq)
        others = promoters_to_write_to(order_id)
    return view, others


def messages_context(store: Store, view: TalkView, others: list[Writable]) -> dict[str, Any]:
    """What the log itself shows."""
    name = next((one.shown_name for one in others if one.promoter_id == view.promoter_id), "")
    kept = {WITH: str(view.promoter_id)} if view.promoter_id else {}
    here = store.url("talk", order_id=view.order_id)
    news = store.url("talk_news", order_id=view.order_id)
    if view.promoter_id:
        none = _("Nothing is written yet. %(name)s hears of you only once you write.") % {
            "name": name or _("The promoter")
        }
    else:
        none = _("Nothing is written yet. Ask what you like about this order; the shop answers here.")
    return {
        "days": days_of(
            view,
            Side.BUYER,
            names_of(Side.BUYER, store.name, name),
            lambda file_id: store.url("talk_file", order_id=view.order_id, file_id=file_id),
        ),
        "none_text": none,
        "news_url": f"{news}?{urlencode({**kept, 'has': standing_of(view)})}" if _open(view) else "",
        "pace": PACE,
        "earlier_url": f"{here}?{urlencode({**kept, 'before': view.earlier})}" if view.earlier else "",
    }


def talk_context(
    store: Store, view: TalkView, others: list[Writable], *, key: str, typed: str = ""
) -> Mapping[str, Any]:
    here = store.url("talk", order_id=view.order_id)
    kept = f"?{urlencode({WITH: str(view.promoter_id)})}" if view.promoter_id else ""
    ended = timezone.localtime(view.ends_at) if view.ends_at else None
    return {
        "page_title": _("Talk to the promoter") if view.promoter_id else _("Talk to the shop"),
        "private": True,
        "back_url": store.url("order", order_id=view.order_id),
        "threads": _threads(here, view, others),
        "to_promoter": view.promoter_id is not None,
        "with_files": view.promoter_id is None,
        "open": _open(view),
        "ended": f"{ended:%Y-%m-%d}" if ended else "",
        "action": f"{here}{kept}",
        "key": key,
        "most": MOST_LETTERS,
        "typed": typed,
        **messages_context(store, view, others),
    }


def _open(view: TalkView) -> bool:
    return view.ends_at is None or clock.now() < view.ends_at


def _threads(here: str, view: TalkView, others: list[Writable]) -> list[NavItem]:
    """The shop, and each promoter of record; nothing where there is nobody but the shop."""
    if not others:
        return []
    items = [NavItem(here, _("The shop"), current=view.promoter_id is None)]
    return items + [
        NavItem(
            f"{here}?{urlencode({WITH: str(one.promoter_id)})}",
            _("%(name)s, who recommended it") % {"name": one.shown_name or _("The promoter")},
            current=view.promoter_id == one.promoter_id,
            count=one.unread or None,
        )
        for one in others
    ]
