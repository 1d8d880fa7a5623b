"""Who buys here: all members, and each with its orders and its story."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.cells import table_html
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.member_words import consent_cell
from tongdao.faces.console.reading.member_record import MemberRecord, member_record
from tongdao.faces.console.telling import step_of
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Cell, Step
from tongdao.faces.lists.nouns.members import members_of
from tongdao.faces.lists.reading import items_of
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.wanted import narrowed
from tongdao.foundation.refusals import NotFound
from tongdao.party.members.models import Member
from tongdao.party.people.merging import propose

COLUMNS = ("number", "placed", "goods", "state", "total")
SAME_COLUMNS = ("name", "sign_in", "orders", "paid")
MOST_FOUND = 10


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No members yet"), _("Who signs up or orders here for the first time becomes a member."), "people"
    )
    return listing.show(desk, "members", empty)


def one(desk: Desk, member_id: UUID) -> HttpResponse:
    record = member_record(member_id, get_language() or "")
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
        "consents": [consent_cell(state) for state in record.consents],
        "others": [
            Cell(one.merged_at, _("The same person, known since"), "time", url=_url(desk, one.other_id))
            for one in record.others
        ],
        "merge_url": desk.url("member_merge", member_id=member_id) if desk.may("members.merge") else "",
    }
    return desk.show("member", name, context)


def _url(desk: Desk, member_id: UUID) -> str:
    return desk.url("member", member_id=member_id)


def find_same(desk: Desk, member_id: UUID) -> HttpResponse:
    """Members who are found by what is typed; each can be proposed as the same person."""
    record = member_record(member_id)
    spec, typed = LISTS["members"], text(desk.request.GET, "q", 64)
    rows = narrowed(spec, {"q": typed}).exclude(person_id=record.member.person_id)
    found = list(rows[:MOST_FOUND]) if typed else []
    ids = members_of(found)
    columns = spec.chosen(SAME_COLUMNS)
    extra = {row.id: _propose_button(ids[row.id]) for row in found if row.id in ids}
    name = record.name or _("A guest")
    context = {
        "crumbs": [
            desk.crumb(_("Members"), "members"),
            desk.crumb(name, "member", member_id=member_id),
            desk.crumb(_("The same person")),
        ],
        "q": typed,
        "found": found,
        "table": table_html(
            desk, spec, columns, items_of(spec, found, columns), lambda row: {"paid": extra.get(row.id, "")}
        ),
    }
    return desk.show("member_merge", _("Who is the same person?"), context)


def _propose_button(member_id: UUID) -> str:
    return format_html(
        ' <button class="button button-small button-secondary" name="other" value="{}">{}</button>',
        member_id,
        _("The same person"),
    )


def propose_same(desk: Desk, member_id: UUID) -> HttpResponse:
    """Nothing is merged before the person has said yes and proved both accounts."""
    other = identifier(desk.request.POST.get("other"))
    people = dict(Member.objects.filter(pk__in=[member_id, other]).values_list("pk", "person_id"))
    if other not in people or member_id not in people:
        raise NotFound()
    propose(
        people[member_id],
        people[other],
        reason="told_by_buyer",
        proved=False,
        by=desk.person_id,
        merchant_id=desk.merchant_id,
    )
    done = _("Proposed. The two become one when this person says yes and signs in to both.")
    return desk.done(done, "member", member_id=member_id)


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
