"""Coupons, flash sales, group buys and gifts: all of them, and each with what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.effects import effects_of
from tongdao.faces.console.promotion_words import changed_rules, kind_name
from tongdao.faces.console.reading.promotions import (
    HeldPage,
    days_of,
    goods_of,
    groups_of,
    history_of,
    orders_page,
)
from tongdao.faces.console.reading.record import Told
from tongdao.faces.console.tables import pager, place_of
from tongdao.faces.console.telling import ACTORS
from tongdao.faces.console.words import ORDER_STATES, state
from tongdao.faces.console.words import PROMOTION_PHASES as PHASES
from tongdao.faces.kit.shapes import Action, Cell, Column, Row, Step
from tongdao.foundation import clock
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import PromotionRow, promotion_record


def show(desk: Desk) -> HttpResponse:
    may = desk.may("promotions.edit")
    new_url = desk.url("promotion_new") if may else ""
    empty = listing.Empty(
        _("No promotions yet"),
        _("Coupons, flash sales, group buys and gifts. Before anything is made you see what it does."),
        "leaf",
        _("New promotion"),
        new_url,
    )
    action = Action(_("New promotion"), new_url, kind="primary", icon="plus")
    return listing.show(desk, "promotions", empty, actions=[action] if may else [])


def one(desk: Desk, promotion_id: UUID) -> HttpResponse:
    now = clock.now()
    row = promotion_record(promotion_id, now)
    words, tone = state(PHASES, row.phase)
    held = orders_page(row.id, place_of(desk.request.GET))
    base = desk.url("promotion", promotion_id=row.id)
    live = desk.may("promotions.edit") and row.phase not in ("stopped", "ended")
    days = days_of(row, now) if row.starts_at <= now else None
    used = days is not None and any(units for _day, units in days.units)
    context = {
        "crumbs": [desk.crumb(_("Promotions"), "promotions"), desk.crumb(row.title)],
        "row": row,
        "kind": kind_name(row.kind),
        "words": words,
        "tone": tone,
        "effects": effects_of(row, goods_of(row, now)),
        "days": days if used else None,
        "facts": _facts(row),
        "columns": _columns(),
        "orders": _orders(desk, held) if desk.may("orders.read") else [],
        "pager": pager(base, {}, held.first, held.last, held.newer, held.older),
        "steps": [_step(told) for told in history_of(row.id)],
        "change_url": desk.url("promotion_change", promotion_id=row.id) if live else "",
        "stop_url": desk.url("promotion_stop", promotion_id=row.id) if live else "",
    }
    return desk.show("promotion", row.title, context)


def _facts(row: PromotionRow) -> list[Cell]:
    unit = _("Times used") if row.kind == Kind.COUPON else _("Pieces in orders")
    facts = [
        Cell(kind_name(row.kind), _("Kind")),
        Cell(row.starts_at, _("Begins"), "time"),
        Cell(row.ends_at, _("Ends"), "time"),
        Cell(row.used, unit, "num"),
        Cell(row.quota if row.quota is not None else _("no limit"), _("In all at most"), "num"),
        Cell(int(row.given_fen), _("Given to buyers"), "money"),
    ]
    if row.stopped_at:
        facts.insert(3, Cell(row.stopped_at, _("Stopped"), "time"))
    if row.kind == Kind.GROUP_BUY:
        groups = groups_of(row.id)
        facts += [
            Cell(groups.open, _("Groups that fill"), "num"),
            Cell(groups.formed, _("Groups formed"), "num"),
            Cell(groups.dissolved, _("Groups dissolved"), "num"),
        ]
    return facts


def _columns() -> list[Column]:
    return [
        Column(_("Number")),
        Column(_("Placed")),
        Column(_("State")),
        Column(_("Units"), num=True),
        Column(_("Saved"), num=True),
    ]


def _orders(desk: Desk, held: HeldPage) -> list[Row]:
    rows = []
    for order in held.rows:
        words, tone = (_("Given back"), "") if order.returned else state(ORDER_STATES, order.state)
        cells = [
            Cell(order.number, url=desk.url("order", order_id=order.order_id)),
            Cell(order.placed_at, _("Placed"), "time"),
            Cell(words, _("State"), "tag", tone=tone),  # type: ignore[arg-type]  # "" is a tone
            Cell(order.units, _("Units"), "num"),
            Cell(int(order.off_fen), _("Saved"), "money"),
        ]
        rows.append(Row(cells, label=order.number))
    return rows


def _step(told: Told) -> Step:
    event = told.event
    titles = {
        "promotion.created": _("Created"),
        "promotion.changed": _("Changed"),
        "promotion.stopped": _("Stopped"),
    }
    changes = changed_rules(event.old or {}, event.new or {}) if event.name == "promotion.changed" else []
    if event.name == "promotion.stopped":
        changes = [_("%(used)s used until then") % {"used": event.payload["used"]}]
    who = told.who or str(ACTORS.get(event.actor_kind, ""))
    return Step(titles[event.name], "done", text=" · ".join([*changes, who]), at=event.at)
