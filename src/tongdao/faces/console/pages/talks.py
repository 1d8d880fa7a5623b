"""Conversations with buyers: who waits for an answer, and each one beside its order's facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.facts import facts_of, lines_of, money_of, parcels_of
from tongdao.faces.console.order_cases import cases_of
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.reading.record import record_of
from tongdao.faces.console.reading.talks import promoter_name, talk_page
from tongdao.faces.console.tables import address, pager, place_of, tabs
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.kit.shapes import Cell, Column, NavItem, Row
from tongdao.faces.kit.talking import PACE, days_of, standing_of
from tongdao.foundation import clock
from tongdao.foundation.attachments import Kept
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import NotFound
from tongdao.trade.talk import filling
from tongdao.trade.talk.cards import TalkCard, cards_of
from tongdao.trade.talk.models import MOST_LETTERS, Message, Side
from tongdao.trade.talk.operations import Said, mark_seen, send_as_staff, settle_talk
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import (
    TalkView,
    file_of,
    promoters_to_write_to,
    quick_answers,
    talk_for_staff,
)

READ = MOST_LETTERS + 100
KEY = 24  # letters of a sending's own key
KEYED = 9  # quick answers with a key of their own
WITH, SHOW = "with", "show"


def show(desk: Desk) -> HttpResponse:
    """`?show=all`: not only those in which a buyer waits."""
    waiting = text(desk.request.GET, SHOW, 8) != "all"
    base = desk.url("talks")
    found = talk_page(place_of(desk.request.GET), waiting=waiting)
    rows, kept = cards_of(found.rows), {} if waiting else {SHOW: "all"}
    first, last = (rows[0].talk_id, rows[-1].talk_id) if rows else (None, None)
    context = {
        "views": tabs(base, SHOW, {"": _("Waiting for an answer"), "all": _("All")}, kept.get(SHOW, ""), {}),
        "columns": [
            *(Column(label) for label in (_("Order number"), _("Waits"), _("Product"), _("With"))),
            Column(_("Last message")),
            Column(_("Unread"), num=True),
        ],
        "rows": [_row(desk, row) for row in rows],
        "pager": pager(base, kept, first, last, found.newer, found.older),
        "quick_url": desk.url("quick_answers") if desk.may("orders.serve") else "",
        "empty_title": _("Nobody waits for an answer") if waiting else _("No conversation yet"),
        "empty_text": _(
            "Buyers write to you from their order's page. The longest waiting stands first here."
        ),
        "empty_icon": "service",
    }
    return desk.show("talks", _("Conversations"), context)


def _row(desk: Desk, row: TalkCard) -> Row:
    url = address(desk.url("talk", order_id=row.order_id), _kept(row.promoter_id))
    since = row.buyer_waits_since if row.promoter_id is None else None
    cells = [
        Cell(row.number, url=url),
        Cell(_waited(since), _("Waits"), "tag", tone="waiting") if since else Cell("—", _("Waits"), "muted"),
        Cell(row.product, _("Product")),
        Cell(_("The shop") if row.promoter_id is None else row.promoter or _("The promoter"), _("With")),
        Cell(row.last_at, _("Last message"), "time"),
        Cell(row.unread or "—", _("Unread"), "num"),
    ]
    return Row(cells, label=row.number)


def _waited(since: datetime) -> str:
    now = clock.now()
    return _("just now") if now - since < timedelta(minutes=1) else timesince(since, now, depth=1)


def one(desk: Desk, order_id: UUID) -> HttpResponse:
    """`?with=` a promoter of record; `?quick=` fills the box where no script does."""
    view = _read(desk, order_id)
    record = record_of(order_id)
    serves = desk.may("orders.serve")
    answers = filling.offered(quick_answers() if serves else (), order_id, view.buyer_language)
    quick = identifier(text(desk.request.GET, "quick", 36))
    typed = next((answer.words for answer in answers if answer.row.id == quick), "")
    if desk.notice:
        typed = text(desk.request.POST, "text", READ)
    here = desk.url("talk", order_id=order_id)
    ended = timezone.localtime(view.ends_at) if view.ends_at else None
    context = {
        "crumbs": [desk.crumb(_("Conversations"), "talks"), desk.crumb(record.order.number)],
        "record": record,
        "order_url": desk.url("order", order_id=order_id),
        "threads": _threads(desk, view),
        "to_promoter": view.promoter_id is not None,
        "with_files": view.promoter_id is None,
        "may_write": serves and (view.promoter_id is None or view.talk_id is not None),
        "open": _open(view),
        "ended": f"{ended:%Y-%m-%d}" if ended else "",
        "waits": view.buyer_waits_since if view.promoter_id is None else None,
        "settle_url": desk.url("talk_settle", order_id=order_id) if serves else "",
        "upto": view.last_seq,
        "action": address(desk.url("talk_send", order_id=order_id), _kept(view.promoter_id)),
        "key": token(KEY),
        "most": MOST_LETTERS,
        "typed": typed,
        "quick": [
            (
                place if place <= KEYED else "",
                answer,
                address(here, {**_kept(view.promoter_id), "quick": str(answer.row.id)}),
            )
            for place, answer in enumerate(answers, 1)
        ],
        "quick_url": desk.url("quick_answers"),
        "lines": lines_of(record),
        "facts": facts_of(record),
        "sums": money_of(record),
        "parcels": parcels_of(record),
        "cases": cases_of(desk, order_id),
        **_messages(desk, view),
    }
    return desk.show("talk", record.order.number, context)


def news(desk: Desk, order_id: UUID) -> HttpResponse:
    """The log alone, for htmx to look again; 204 while it stands as `?has=` says."""
    view = _read(desk, order_id)
    if standing_of(view) == text(desk.request.GET, "has", 64):
        return HttpResponse(status=204)
    return render(desk.request, "kit/talk_messages.html", _messages(desk, view))


def file(desk: Desk, order_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video of the conversation with the buyer."""
    return serve_attachment(file_of(order_id, file_id), desk.request)


def send(desk: Desk, order_id: UUID) -> HttpResponse:
    posted = desk.request.POST
    words, key = text(posted, "text", READ), text(posted, "key", 64)
    promoter_id = _asked(desk)

    def say(kept: Sequence[Kept]) -> Message:
        return send_as_staff(order_id, Said(words, key, kept), promoter_id=promoter_id, actor=desk.actor)

    post(desk.merchant_id, say, desk.request.FILES.getlist("files"), actor=desk.actor)
    return redirect(address(desk.url("talk", order_id=order_id), _kept(promoter_id)) + "#say")


def settle(desk: Desk, order_id: UUID) -> HttpResponse:
    """`upto`: the last message that stood there."""
    upto = text(desk.request.POST, "upto", 9)
    settle_talk(order_id, int(upto) if upto.isascii() and upto.isdigit() else 0, actor=desk.actor)
    return desk.done(_("Nobody waits here now. The next message of the buyer waits again."), "talks")


def _read(desk: Desk, order_id: UUID) -> TalkView:
    """What is shown to who serves counts as read by the shop."""
    before = text(desk.request.GET, "before", 8)
    view = talk_for_staff(
        order_id,
        promoter_id=_asked(desk),
        before=int(before) if before.isascii() and before.isdigit() else None,
        actor=desk.actor,
    )
    if desk.may("orders.serve") and view.talk_id and view.messages:
        mark_seen(view.talk_id, Side.STAFF, view.messages[-1].seq)
    return view


def _messages(desk: Desk, view: TalkView) -> dict[str, Any]:
    who: dict[Side | UUID, str] = {
        Side.BUYER: _("The buyer"),
        Side.STAFF: _("The shop"),
        Side.PROMOTER: promoter_name(view.promoter_id) or _("The promoter"),
    }
    staff = (message.author_id for message in view.messages if message.side == Side.STAFF)
    who |= {id: name for id, name in shown_names(staff).items() if name}
    kept = _kept(view.promoter_id)
    here, there = (desk.url(name, order_id=view.order_id) for name in ("talk", "talk_news"))
    none = _("The buyer has not written to this promoter.")
    if view.promoter_id is None:
        none = _("Nothing is written yet. What you write here the buyer reads on the order's page.")
    return {
        "days": days_of(
            view,
            Side.STAFF,
            who,
            lambda file_id: desk.url("talk_file", order_id=view.order_id, file_id=file_id),
        ),
        "none_text": none,
        "news_url": address(there, {**kept, "has": standing_of(view)}) if _open(view) else "",
        "pace": PACE,
        "earlier_url": address(here, {**kept, "before": str(view.earlier)}) if view.earlier else "",
    }


def _threads(desk: Desk, view: TalkView) -> list[NavItem]:
    """Nothing where there is only the shop's own."""
    here = desk.url("talk", order_id=view.order_id)
    others = promoters_to_write_to(view.order_id)
    if not others:
        return []
    return [
        NavItem(here, _("With the shop"), current=view.promoter_id is None),
        *(
            NavItem(
                address(here, _kept(one.promoter_id)),
                _("With %(name)s") % {"name": one.shown_name or _("The promoter")},
                current=view.promoter_id == one.promoter_id,
            )
            for one in others
        ),
    ]


def _asked(desk: Desk) -> UUID | None:
    asked = text(desk.request.GET, WITH, 40)
    found = identifier(asked)
    if asked and found is None:
        raise NotFound()
    return found


def _kept(promoter_id: UUID | None) -> dict[str, str]:
    return {WITH: str(promoter_id)} if promoter_id else {}


def _open(view: TalkView) -> bool:
    return view.ends_at is None or clock.now() < view.ends_at
