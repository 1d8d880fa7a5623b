"""One order: its story from the event log beside its facts, its money, and what can be done now."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.day_words import FLAGS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.facts import (
    ParcelShown,
    facts_of,
    lines_of,
    money_of,
    parcels_of,
    release_of,
    waiting_of,
    waterfall_of,
)
from tongdao.faces.console.order_cases import cases_of
from tongdao.faces.console.pages.dispatches import print_urls
from tongdao.faces.console.postings import posting_columns, posting_rows
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.reading.record import Delivery, Record, record_of
from tongdao.faces.console.reading.shipping import units_left
from tongdao.faces.console.tables import address
from tongdao.faces.console.telling import steps_of
from tongdao.faces.console.words import ORDER_STATES, state
from tongdao.faces.kit.shapes import Choice
from tongdao.trade.aftersales.operations.refunding import REFUNDABLE
from tongdao.trade.notes.operations import LONGEST
from tongdao.trade.notes.queries import NoteView, flag_of, notes_of
from tongdao.trade.shipping.operations import unmask_delivery

GOES_ON = ("placed", "closing", "paid", "completed")


def show(desk: Desk, order_id: UUID) -> HttpResponse:
    return _page(desk, record_of(order_id))


def unmask(desk: Desk, order_id: UUID) -> HttpResponse:
    """Shown this once and on record; a reload asks again. Raises NotFound unless the order is paid."""
    party = unmask_delivery(order_id, actor=desk.actor)
    delivery = Delivery(party.name, party.phone, party.address, masked=False)
    return _page(desk, replace(record_of(order_id), delivery=delivery))


def _page(desk: Desk, record: Record) -> HttpResponse:
    order = record.order
    words, tone = state(ORDER_STATES, order.state)
    left = units_left(order)
    context = {
        "crumbs": [desk.crumb(_("Orders"), "orders"), desk.crumb(order.number)],
        "order": order,
        "state_words": words,
        "state_tone": tone,
        "record": record,
        "lines": lines_of(record),
        "group_waits": waiting_of(record),
        "steps": steps_of(record, lambda case_id: desk.url("case", case_id=case_id)),
        "facts": facts_of(record),
        "sums": money_of(record),
        "parcels": [(parcel, *_parcel_urls(desk, order.id, parcel)) for parcel in parcels_of(record)],
        "cases": cases_of(desk, order.id),
        "waiting": any(parcel.state == "requested" and not parcel.problem for parcel in record.parcels),
        "left": left,
        "can_ship": desk.may("orders.ship") and left > 0,
        "can_cancel": desk.may("orders.serve") and record.story.can_cancel,
        "can_give_back": desk.may("orders.refund") and order.state in REFUNDABLE,
        "can_unmask": desk.may("orders.serve") and order.state == "paid",
        **_notebook(desk, order.id),
        "may_print": desk.may("orders.ship"),
        "prints": print_urls(desk, order=str(order.id)),
        "ship_url": desk.url("ship", order_id=order.id),
        "give_back_url": desk.url("give_back", order_id=order.id),
        "cancel_url": desk.url("cancel", order_id=order.id),
        "unmask_url": desk.url("unmask", order_id=order.id),
    }
    if desk.may("money.read"):
        context |= {
            "shares": waterfall_of(order.id) if order.state in GOES_ON else [],
            "share_waits": release_of(order.id),
            "money_url": desk.url("order_money", order_id=order.id),
            "postings": posting_rows(record),
            "posting_columns": posting_columns(),
        }
    return desk.show("order", order.number, context)


def _notebook(desk: Desk, order_id: UUID) -> dict[str, object]:
    """Notes and flag, and what is needed to write and set them."""
    code = flag_of(order_id)
    return {
        "notes": _notes(desk, order_id),
        "flag": FLAGS.get(code),
        "flags": [
            Choice("", _("No flag")),
            *(Choice(each, str(words)) for each, (words, _tone) in FLAGS.items()),
        ],
        "flag_code": code,
        "note_url": desk.url("note", order_id=order_id),
        "flag_url": desk.url("flag", order_id=order_id),
        "note_text": str(desk.request.POST.get("text", ""))[:LONGEST],
        "longest": LONGEST,
        "may_note": desk.may("orders.serve"),
    }


def _notes(desk: Desk, order_id: UUID) -> list[tuple[NoteView, str, str]]:
    """Each note, who wrote it, and where it is pinned."""
    notes = notes_of(order_id)
    names = shown_names(note.staff_id for note in notes)
    return [
        (
            note,
            names.get(note.staff_id, ""),
            desk.url("note_pin", order_id=order_id, note_id=note.note_id),
        )
        for note in notes
    ]


def _parcel_urls(desk: Desk, order_id: UUID, parcel: ParcelShown) -> tuple[str, str]:
    """Where its label is printed and where it is taken back; empty for what cannot be."""
    label = address(desk.url("labels"), {"parcel": str(parcel.parcel_id)}) if parcel.printable else ""
    back = desk.url("parcel_cancel", order_id=order_id, parcel_id=parcel.parcel_id)
    return label, back if parcel.can_cancel else ""
