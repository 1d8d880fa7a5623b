"""My orders: where each one stands, why, and what is next. Of the buyer there is nothing to see."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit.money_text import percent
from tongdao.faces.kit.shapes import NavItem, Step
from tongdao.faces.lists.plan_words import pays
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.place import picture_url
from tongdao.faces.promoter.typed import page_number, text
from tongdao.faces.promoter.words import STAGES, Reason, clawed_words, reason_of
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.commissions.queries import Sale, SaleLine, Stage, clawed, kept_back, sale_lines, sales
from tongdao.trade.talk.queries import unread_begun, unread_of_promoter

PAGE = 20
TAIL = 6  # digits of an order's number: enough to talk about it with the shop


@require_safe
@promoter_page
def orders(walk: Walk) -> HttpResponse:
    typed = text(walk.request.GET, "stage", 12)
    stage = typed if typed in STAGES else None
    number = page_number(walk.request.GET)
    with walk.scope():
        found = sales(walk.ids, stage=stage, offset=(number - 1) * PAGE, limit=PAGE + 1)
        unread = unread_of_promoter(walk.ids, [sale.order_id for sale in found])
    here = walk.url("orders")
    context = {
        "tabs": [
            NavItem(here, _("All"), current=stage is None),
            *(
                NavItem(f"{here}?stage={name}", str(words), current=name == stage)
                for name, (words, _tone) in STAGES.items()
            ),
        ],
        "cards": [{**_card(walk, sale), "unread": unread.get(sale.order_id)} for sale in found[:PAGE]],
        "previous_url": _turn(here, stage, number - 1) if number > 1 else "",
        "next_url": _turn(here, stage, number + 1) if len(found) > PAGE else "",
        "may_share": walk.promoter_id is not None,
    }
    return walk.show("orders", _("Orders"), context, tab="orders")


def _turn(here: str, stage: Stage | None, number: int) -> str:
    wanted = {"stage": stage, "page": number} if stage else {"page": number}
    return f"{here}?{urlencode(wanted)}"


def _card(walk: Walk, sale: Sale) -> dict[str, object]:
    words, tone = STAGES[sale.stage]
    return {
        "sale": sale,
        "tail": sale.number[-TAIL:],
        "label": str(words),
        "tone": tone,
        "reason": reason_of(sale),
        "url": walk.url("order", order_id=sale.order_id),
        "more": sale.lines - 1,
    }


@require_safe
@promoter_page
def order(walk: Walk, order_id: UUID) -> HttpResponse:
    """One order down to the lines. An order that does not pay this promoter is 404."""
    with walk.scope():
        found = sales(walk.ids, order_id=order_id)
        if not found:
            raise NotFound()
        lines = sale_lines(walk.ids, order_id)
        lost, kept = clawed(walk.ids, order_id), kept_back(walk.ids, order_id)
        unread = unread_begun(walk.ids, order_id)
    sale = found[0]
    context = {
        **_card(walk, sale),
        "talk_url": walk.url("talk", order_id=order_id) if unread is not None else "",
        "unread": unread,
        "lines": [_line(walk, line) for line in lines],
        "clawed": [(one, clawed_words(one.reason)) for one in lost],
        "kept_back": [(one, one.number[-TAIL:], walk.url("order", order_id=one.order_id)) for one in kept],
        "steps": _steps(sale, reason_of(sale)),
    }
    return walk.show(
        "order", _("Order …%(tail)s") % {"tail": sale.number[-TAIL:]}, context, tab="orders", back="orders"
    )


def _line(walk: Walk, line: SaleLine) -> dict[str, object]:
    rule = line.rule
    plain = rule.unit_fen is None and rule.least_fen is None and rule.most_fen is None
    return {
        "line": line,
        "image_url": picture_url(line.picture),
        "url": walk.url("income_line", line_id=line.line_id),
        "rate": percent(rule.rate_bps or 0) if plain else "",
        "pays": pays(replace(rule, budget_fen=None)),
        "version": f"{line.plan_version}.{line.rule.position}",
    }


def _steps(sale: Sale, reason: Reason) -> list[Step]:
    """What happened, and the one thing that is next."""
    steps = [Step(_("Ordered"), "done", at=sale.placed_at)]
    if sale.paid_at:
        steps.append(Step(_("Payment arrived"), "done", at=sale.paid_at))
    if sale.stage == "over":
        return [*steps, Step(_("Nothing earned"), "done", text=reason.text, at=sale.closed_at)]
    if sale.stage == "released":
        received = Step(_("Received"), "done", at=sale.completed_at)
        return [
            *steps,
            received,
            Step(str(STAGES["released"][0]), "done", text=reason.text, at=sale.released_at),
        ]
    if sale.completed_at:
        steps.append(Step(_("Received"), "done", at=sale.completed_at))
    return [
        *steps,
        Step(reason.now, "current", text=reason.text, by=reason.by),
        *([Step(str(STAGES["held"][0]))] if sale.stage == "estimated" else []),
        Step(str(STAGES["released"][0])),
    ]
