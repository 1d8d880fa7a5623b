"""Cases in a few words: at the lines of an order, in the buyer's list, and what a line was promised with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.kit.case_words import DISPUTE_STATES, KINDS, state_words
from tongdao.faces.kit.shapes import Tone
from tongdao.faces.shop.case_tells import short_wait
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation import clock
from tongdao.trade.aftersales.eligibility import by_line, offers
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.queries import CaseItem, cases_of, cases_of_order, items_of
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.queries import disputes_open
from tongdao.trade.disputes.waiting import soon_for_buyer
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.promises import promise_of
from tongdao.trade.story.promised import promised_text


@dataclass(frozen=True, slots=True)
class CaseMark:
    """A case in a line: what, how it stands, and by when who has to move. `due_at` counts down."""

    case_id: UUID
    url: str
    kind: str
    state: str
    tone: Tone
    next: str
    due_at: datetime | None
    opened_at: datetime
    back_fen: int
    title: str = ""
    option_text: str = ""
    picture: str = ""
    units: int = 0
    more: int = 0


def line_cases(store: Store, order_id: UUID) -> Mapping[UUID, list[CaseMark]]:
    """By line of the order, the latest first. In the merchant's scope."""
    rows = cases_of_order(order_id)
    items, before = items_of([row.id for row in rows]), _before_the_platform(rows)
    found: defaultdict[UUID, list[CaseMark]] = defaultdict(list)
    for row in rows:
        for item in items[row.id]:
            found[item.line_id].append(_mark(store, row, items[row.id], before.get(row.id)))
    return found


def askable_lines(order_id: UUID) -> set[UUID]:
    """Lines for which something may be asked now."""
    return set(by_line(offers(Order.objects.get(pk=order_id))))


def my_cases(store: Store, person_id: UUID) -> list[CaseMark]:
    """The latest first, those that are open before those that are over. In the merchant's scope."""
    rows = sorted(cases_of(person_id), key=lambda row: row.ended_at is not None)
    items, before = items_of([row.id for row in rows]), _before_the_platform(rows)
    return [_mark(store, row, items[row.id], before.get(row.id)) for row in rows]


def soon_cases(store: Store, person_id: UUID) -> list[CaseMark]:
    """Those in which the buyer's time is nearly over, the first to end first. In the merchant's scope."""
    now = clock.now()
    mine = AfterSale.objects.filter(soon_for_buyer(now), person_id__same_as=person_id)
    rows = list(mine.select_related("refund"))
    items, before = items_of([row.id for row in rows]), _before_the_platform(rows)
    until = {id: one.answer_by for id, one in before.items() if one.state == "open"}
    marks = [_mark(store, row, items[row.id], before.get(row.id)) for row in rows]
    stated = [
        replace(mark, due_at=until[row.id], next=_("State your case to the platform"))
        if row.id in until
        else mark
        for row, mark in zip(rows, marks, strict=True)
    ]
    return sorted(stated, key=lambda mark: mark.due_at or now)


def count_open(person_id: UUID) -> int:
    """How many go on. In the merchant's scope."""
    return AfterSale.objects.filter(person_id__same_as=person_id, ended_at__isnull=True).count()


def _before_the_platform(rows: Sequence[AfterSale]) -> Mapping[UUID, Dispute]:
    return disputes_open([row.id for row in rows if row.paused_left is not None])


def _mark(store: Store, row: AfterSale, items: Sequence[CaseItem], dispute: Dispute | None) -> CaseMark:
    """Before the platform it is the dispute that has a deadline."""
    paused = row.paused_left is not None
    words, tone = state_words(str(row.state), paused=paused)
    waits = str(DISPUTE_STATES[dispute.state][0]) if dispute else short_wait(row)
    first = items[0] if items else None
    return CaseMark(
        case_id=row.id,
        url=store.url("case", case_id=row.id),
        kind=str(KINDS.get(row.kind, row.kind)),
        state=words,
        tone=tone,
        next=waits,
        due_at=dispute.due_at if dispute else row.due_at,
        opened_at=row.opened_at,
        back_fen=row.back_fen if row.refund_id else 0,
        title=first.title if first else "",
        option_text=first.option_text if first else "",
        picture=picture_url(first.picture) if first else "",
        units=sum(item.quantity for item in items),
        more=max(0, len(items) - 1),
    )


def promise_facts(policies: Mapping[str, Any], return_by: date | None) -> list[str]:
    """What was promised when it was bought, from the order's own copy, whatever is promised today."""
    promise = promise_of(policies)
    told = [promised_text(promise, return_by) or _("No days for returning without a reason were promised.")]
    if promise.consented and promise.consented_at:
        day = timezone.localtime(promise.consented_at)
        kind = promise.exclusion.name(get_language() or "") if promise.exclusion else ""
        told.append(_("You agreed on %(day)s: %(kind)s.") % {"day": f"{day:%Y-%m-%d %H:%M}", "kind": kind})
    if promise.ship_hours:
        told.append(_("It ships within %(hours)d hours of the payment.") % {"hours": promise.ship_hours})
    return [*told, _("Defective goods can be given back all the same.")]
