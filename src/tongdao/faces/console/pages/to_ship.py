"""What is to be packed, the longest waiting first; many can be chosen, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.day_words import FLAGS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.shipping import (
    ToPack,
    carrier_connected,
    due_before,
    parcels_in_trouble,
    to_pack,
    usual_carrier,
)
from tongdao.faces.console.tables import address, tabs
from tongdao.faces.console.typed import text, whole
from tongdao.faces.kit.shapes import Cell, Choice, Column, Row
from tongdao.foundation import clock
from tongdao.trade.notes.queries import Mark, marks_of
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.queries import count_to_ship, orders_to_ship

SIZE = 50
TROUBLED = 20  # parcels shown below
PINNED = 40  # characters of a note in the list


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    page = min(whole(text(query, "page", 5)) or 1, 2_000)
    due = text(query, "due", 8)
    before = due_before(due, clock.now())
    found = orders_to_ship(limit=SIZE + 1, offset=(page - 1) * SIZE, before=before)
    base, kept = desk.url("to_ship"), {"due": due if before else ""}
    labels = {"": _("All"), "late": _("Late"), "today": _("Due today")}
    context = {
        "views": tabs(base, "due", labels, kept["due"], {}),
        "due": kept["due"],
        "columns": columns(),
        "rows": rows_of(desk, to_pack([row.order_id for row in found[:SIZE]])),
        "count": count_to_ship(before=before),
        "problems": [
            (parcel, desk.url("order", order_id=parcel.order_id)) for parcel in parcels_in_trouble(TROUBLED)
        ],
        "carriers": [Choice(code, str(name)) for code, name in CARRIERS.items()],
        "carrier": usual_carrier(),
        "connected": carrier_connected(),
        "may_ship": desk.may("orders.ship"),
        "pack_url": desk.url("pack"),
        "waybills_url": desk.url("waybills"),
        "dispatches_url": desk.url("dispatches"),
        "channels_url": desk.url("channels") if desk.may("channels.connect") else "",
        "previous_url": address(base, kept | {"page": str(page - 1)}) if page > 1 else "",
        "next_url": address(base, kept | {"page": str(page + 1)}) if len(found) > SIZE else "",
    }
    return desk.show("to_ship", _("To ship"), context)


def columns() -> list[Column]:
    labels = (_("Order number"), _("Ship by"), _("Buyer"), _("To"), _("Goods"))
    return [*(Column(label) for label in labels), Column(_("Units"), num=True), Column(_("Notes"))]


def rows_of(desk: Desk, orders: Sequence[ToPack]) -> list[Row]:
    """Also for the preview of packing."""
    now, marks = clock.now(), marks_of([order.order_id for order in orders])
    return [
        Row(_cells(desk, order, marks.get(order.order_id), now), pick=str(order.order_id), label=order.number)
        for order in orders
    ]


def _cells(desk: Desk, order: ToPack, mark: Mark | None, now: datetime) -> list[Cell]:
    page = "ship" if desk.may("orders.ship") else "order"
    late = order.ship_by is not None and order.ship_by < now
    due = (
        Cell(_("Late"), _("Ship by"), "tag", tone="error")
        if late
        else Cell(order.ship_by, _("Ship by"), "time")
    )
    return [
        Cell(order.number, url=desk.url(page, order_id=order.order_id)),
        due,
        Cell(order.buyer, _("Buyer")),
        Cell(order.area, _("To"), "muted"),
        Cell(order.goods, _("Goods")),
        Cell(order.units, _("Units"), "num"),
        _note(mark),
    ]


def _note(mark: Mark | None) -> Cell:
    """The pinned note, cut; in the colour of the flag where there is one."""
    if mark is None:
        return Cell("—", _("Notes"), "muted")
    pinned = mark.pinned if len(mark.pinned) <= PINNED else f"{mark.pinned[:PINNED]}…"
    if not mark.flag:
        return Cell(pinned, _("Notes"))
    words, tone = FLAGS[mark.flag]
    return Cell(pinned or str(words), _("Notes"), "tag", tone=tone)
