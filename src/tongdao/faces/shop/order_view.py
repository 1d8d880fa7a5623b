"""An order as its page shows it: the story from trade.story in the kit's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Cell, Step
from tongdao.faces.shop.bills import delivery
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_marks import CaseMark, askable_lines, line_cases
from tongdao.faces.shop.case_steps import case_told, money_back
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.savings import kind_name, minus, saved_text
from tongdao.faces.shop.store import Store
from tongdao.foundation.money import format_yuan
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.queries import groups_awaited
from tongdao.trade.aftersales.queries import case_view
from tongdao.trade.disputes.queries import dispute_of
from tongdao.trade.reviews.queries import waiting_lines
from tongdao.trade.shipping.queries import Tracking
from tongdao.trade.story.queries import OrderStory, StoryLine, order_story
from tongdao.trade.talk.queries import unread_of_order

PROMISED = ("placed", "paid", "completed")  # of orders that are over nothing can be given back
SOON, LATER = 4, 20  # seconds between two looks, while a payment is awaited and otherwise


def read_story(request: HttpRequest, store: Store, order_id: UUID) -> OrderStory:
    """Only of the buyer's own order; raises NotFound for any other."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    with merchant_scope(store.merchant_id):
        return order_story(order_id, person_id=buyer)


def story_context(store: Store, story: OrderStory, *, waiting: bool) -> Mapping[str, Any]:
    """`waiting`: the buyer says to have paid, and the channel has not told yet."""
    waiting = waiting and story.can_pay
    current, lines = story.current, _lines(store, story)
    return {
        "page_title": current.title if current else story.steps[-1].title,
        "private": True,
        "back_url": store.url("orders"),
        "story": story,
        "steps": _steps(store, story, lines),
        "lines": lines,
        "group_url": _group_url(store, story),
        "sums": _sums(story),
        "parcels": [(parcel, _scans(parcel)) for parcel in story.parcels],
        "waiting": waiting,
        "review_url": _review_url(store, story),
        "talk_url": store.url("talk", order_id=story.order_id),
        "talk_unread": _unread(store, story),
        "story_url": store.url("story", order_id=story.order_id) + ("?waiting=1" if waiting else ""),
        "every": _pace(story, waiting),
        "pay_url": store.url("pay", order_id=story.order_id),
        "actions": {
            name: store.url(name, order_id=story.order_id) for name in ("close", "cancel", "confirm")
        },
    }


def _lines(store: Store, story: OrderStory) -> list[tuple[StoryLine, str, str, list[CaseMark], str]]:
    """Each with its picture, what is said of it, its after-sale cases, and where something can be asked."""
    with merchant_scope(store.merchant_id):
        cases, askable = line_cases(store, story.order_id), askable_lines(story.order_id)
    return [
        (
            line,
            picture_url(line.picture),
            _extra(story, line),
            cases.get(line.line_id, []),
            store.url("after_sale", line_id=line.line_id)
            if line.line_id in askable and not line.gift
            else "",
        )
        for line in story.lines
    ]


def _pace(story: OrderStory, waiting: bool) -> int:
    """Seconds until the page looks again by itself; 0 where nothing more will happen."""
    if story.current is None:
        return 0
    return SOON if waiting or story.state == "closing" or story.current.code == "refund" else LATER


def _steps(
    store: Store, story: OrderStory, lines: list[tuple[StoryLine, str, str, list[CaseMark], str]]
) -> list[Step]:
    """What happened, after-sale cases among it in their time, then what is next."""
    own = [_step(story, place) for place in range(len(story.steps))]
    cases = {mark.case_id: mark.url for line in lines for mark in line[3]}
    with merchant_scope(store.merchant_id):
        told = [step for case_id, url in cases.items() for step in _of_case(case_id, url)]
    done = [step for step in own if step.state == "done"]
    # The order's own stand as they are: the channel's clock may say that it was paid before it was placed.
    reached = accumulate((step.at.timestamp() if step.at else 0 for step in done), max)
    timed = [*zip(reached, done, strict=True), *((step.at.timestamp(), step) for step in told if step.at)]
    timed.sort(key=itemgetter(0))
    return [*(step for _at, step in timed), *(step for step in own if step.state != "done")]


def _of_case(case_id: UUID, url: str) -> list[Step]:
    """Nothing of what the order says itself: that it was cancelled, that the money is there."""
    view = case_view(case_id)
    if view.row.kind in ("cancel", "refund"):
        return []
    told = case_told(view, dispute_of(case_id))
    return [replace(step, url=url) for step in told if step.title != money_back()]


def _step(story: OrderStory, place: int) -> Step:
    step = story.steps[place]
    due = step.code == "paid" and step.state == "current"
    return Step(step.title, step.state, step.text, step.at, step.by, countdown=due and step.by is not None)


def _sums(story: OrderStory) -> list[Cell]:
    bought = [line for line in story.lines if not line.gift]
    offs: dict[str, int] = {}
    for cut in (cut for line in bought for cut in line.cuts):
        offs[cut.kind] = offs.get(cut.kind, 0) + cut.off_fen
    cells = [
        Cell(sum(line.list_price_fen * line.quantity for line in bought), _("Goods"), "money"),
        *(Cell(minus(off), kind_name(kind)) for kind, off in offs.items()),
        delivery(story.freight_fen, len(story.parcels)),
        Cell(story.total_fen, _("Total"), "money", total=True),
    ]
    if story.refunded_fen:
        cells.append(Cell(story.refunded_fen, _("Goes back to you"), "money"))
    return cells


def _extra(story: OrderStory, line: StoryLine) -> str:
    """What was taken off the line, what went back of it, and what was promised when it was bought."""
    promised = line.promised if story.state in PROMISED and line.back_quantity < line.quantity else ""
    return " · ".join(filter(None, (_saved(line), promised)))


def _saved(line: StoryLine) -> str:
    saved = "" if line.gift else saved_text((cut.kind, cut.off_fen) for cut in line.cuts)
    if not line.back_quantity:
        return saved
    back = _("%(units)d of %(all)d: ¥%(amount)s goes back to you") % {
        "units": line.back_quantity,
        "all": line.quantity,
        "amount": format_yuan(line.back_fen),
    }
    return " · ".join(filter(None, (saved, back)))


def _group_url(store: Store, story: OrderStory) -> str:
    """Of the group that the order waits for, or empty."""
    if not any(step.code == "group" for step in story.steps):
        return ""
    with merchant_scope(store.merchant_id):
        awaited = groups_awaited([story.order_id]).get(story.order_id)
    return store.url("group", group_id=awaited.group_id) if awaited else ""


def _review_url(store: Store, story: OrderStory) -> str:
    """Of the first line that waits for its review, or empty."""
    if story.state != "completed" and not (story.state == "paid" and story.parcels):
        return ""
    with merchant_scope(store.merchant_id):
        lines = waiting_lines(story.order_id)
        line_id = lines.order_by("position").values_list("id", flat=True).first()
    return store.url("review", line_id=line_id) if line_id else ""


def _unread(store: Store, story: OrderStory) -> int:
    """Messages about this order that the buyer has not read."""
    with merchant_scope(store.merchant_id):
        return unread_of_order(story.order_id)


def _scans(parcel: Tracking) -> list[Step]:
    return [
        Step(
            scan.status_name, "current" if place == 0 else "done", f"{scan.area} {scan.text}".strip(), scan.at
        )
        for place, scan in enumerate(parcel.scans)
    ]
