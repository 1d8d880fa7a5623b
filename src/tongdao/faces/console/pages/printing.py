"""Pages that are only printed: labels, what to fetch from the shelves, what lies in each parcel."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.barcode import drawn
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pages.pack import ticked
from tongdao.faces.console.tables import tabs
from tongdao.faces.console.typed import identifier, text
from tongdao.foundation import clock
from tongdao.trade.shipping.queries import delivery_notes, labels, packing_list, printable

SIZES = ("roll", "a4")  # 100 × 180 mm, one a page; four to a sheet of A4


def labels_page(desk: Desk) -> HttpResponse:
    """In the size that the shop's printer takes."""
    query = desk.request.GET
    size = text(query, "size", 8)
    size = size if size in SIZES else SIZES[0]
    kept = {name: text(query, name, 36) for name in ("dispatch", "order", "parcel")}
    names = {"roll": _("100 × 180 mm, one a page"), "a4": _("A4, four to a sheet")}
    shown = [(label, *drawn(label.waybill_no)) for label in labels(_asked(desk))]
    context = {
        "sheets": shown,
        "size": size,
        "sizes": tabs(desk.url("labels"), "size", names, size, kept),
    }
    return desk.show("print_labels", _("Labels"), context)


def packing_page(desk: Desk) -> HttpResponse:
    ids = _asked(desk)
    lines = packing_list(ids)
    context = {
        "sheets": lines,
        "parcels": len(ids),
        "units": sum(line.units for line in lines),
        "now": clock.now(),
    }
    return desk.show("print_packing", _("Packing list"), context)


def notes_page(desk: Desk) -> HttpResponse:
    return desk.show("print_notes", _("Delivery notes"), {"sheets": delivery_notes(_asked(desk))})


def _asked(desk: Desk) -> list[UUID]:
    """The parcels of a dispatch, of an order, or those that are named. Others' are not there."""
    query = desk.request.GET
    dispatch, order = (identifier(text(query, name, 36)) for name in ("dispatch", "order"))
    if dispatch is not None:
        return printable(dispatch_id=dispatch)
    if order is not None:
        return printable(order_id=order)
    return printable(parcel_ids=ticked(query.getlist("parcel")))
