"""Who buys here: all members, and each with its orders and its story."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.cells import table_html
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.member_record import MemberRecord, member_record
from tongdao.faces.console.telling import step_of
from tongdao.faces.kit.shapes import Cell, Step
from tongdao.faces.lists.reading import items_of
from tongdao.faces.lists.registry import LISTS

COLUMNS = ("number", "placed", "goods", "state", "total")


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No members yet"), _("Who signs up or orders here for the first time becomes a member."), "people"
    )
    return listing.show(desk, "members", empty)


def one(desk: Desk, member_id: UUID) -> HttpResponse:
    record = member_record(member_id)
    name = record.name or _("A guest")
    spec = LISTS["orders"]
    columns = spec.chosen(COLUMNS)
    context = {
        "crumbs": [desk.crumb(_("Members"), "members"), desk.crumb(name)],
        "name": name,
        "facts": _facts(record),
        "orders": record.orders,
        "table": table_html(desk, spec, columns, items_of(spec, record.orders, columns)),
        "may_orders": desk.may("orders.read"),
        "steps": _steps(record),
    }
    return desk.show("member", name, context)


def _facts(record: MemberRecord) -> list[Cell]:
    facts = record.facts
    none = Cell("—", _("Last bought"))
    mean = (2 * facts.paid_fen + facts.orders_paid) // (2 * facts.orders_paid) if facts.orders_paid else 0
    return [
        Cell(record.sign_in or "—", _("Signs in with")),
        Cell(record.member.joined_at, _("Since"), "time"),
        Cell(facts.orders_paid, _("Orders paid"), "num"),
        Cell(int(facts.paid_fen), _("Spent"), "money"),
        Cell(mean, _("Per order"), "money"),
        Cell(int(facts.refunded_fen), _("Paid back"), "money"),
        Cell(facts.last_paid_at, _("Last bought"), "time") if facts.last_paid_at else none,
    ]


def _steps(record: MemberRecord) -> list[Step]:
    """The latest first; each says which order it was about."""
    found = []
    for told in record.events:
        step, number = step_of(told), record.numbers.get(told.event.subject_id, "")
        found.append(replace(step, text=" · ".join(part for part in (number, step.text) if part)))
    return found
