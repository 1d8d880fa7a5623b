"""One order: its story from the event log beside its facts, its money, and what can be done now."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.facts import (
    facts_of,
    lines_of,
    money_of,
    parcels_of,
    waiting_of,
    waterfall_of,
)
from tongdao.faces.console.postings import posting_columns, posting_rows
from tongdao.faces.console.reading.record import Delivery, Record, record_of
from tongdao.faces.console.reading.shipping import units_left
from tongdao.faces.console.telling import steps_of
from tongdao.faces.console.words import ORDER_STATES, state
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
        "steps": steps_of(record),
        "facts": facts_of(record),
        "sums": money_of(record),
        "parcels": parcels_of(record),
        "waiting": any(parcel.state == "requested" and not parcel.problem for parcel in record.parcels),
        "left": left,
        "can_ship": desk.may("orders.ship") and left > 0,
        "can_cancel": desk.may("orders.serve") and record.story.can_cancel,
        "can_unmask": desk.may("orders.serve") and order.state == "paid",
        "ship_url": desk.url("ship", order_id=order.id),
        "cancel_url": desk.url("cancel", order_id=order.id),
        "unmask_url": desk.url("unmask", order_id=order.id),
    }
    if desk.may("money.read"):
        context |= {
            "shares": waterfall_of(order.id) if order.state in GOES_ON else [],
            "postings": posting_rows(record),
            "posting_columns": posting_columns(),
        }
    return desk.show("order", order.number, context)
