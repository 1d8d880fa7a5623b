"""What is to be packed, the longest waiting first, and packing many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.shipping import (
    ToPack,
    carrier_connected,
    parcels_in_trouble,
    to_pack,
    usual_carrier,
)
from tongdao.faces.console.tables import address
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.kit.shapes import Cell, Choice, Column, Row
from tongdao.foundation import clock
from tongdao.foundation.idempotency import check_key
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import Refusal
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.shipping.queries import orders_to_ship
from tongdao.trade.shipping.refusals import UnknownCarrier

SIZE = 50
TROUBLED = 20  # parcels shown below
MOST = 100  # orders of one bulk


def show(desk: Desk) -> HttpResponse:
    page = min(whole(text(desk.request.GET, "page", 5)) or 1, 2_000)
    found = orders_to_ship(limit=SIZE + 1, offset=(page - 1) * SIZE)
    base = desk.url("to_ship")
    context = {
        "columns": _columns(),
        "rows": _rows(desk, to_pack([row.order_id for row in found[:SIZE]]), clock.now()),
        "problems": [
            (parcel, desk.url("order", order_id=parcel.order_id)) for parcel in parcels_in_trouble(TROUBLED)
        ],
        "carriers": [Choice(code, str(name)) for code, name in CARRIERS.items()],
        "carrier": usual_carrier(),
        "connected": carrier_connected(),
        "may_ship": desk.may("orders.ship"),
        "pack_url": desk.url("pack"),
        "channels_url": desk.url("channels") if desk.may("channels.connect") else "",
        "previous_url": address(base, {"page": str(page - 1)}) if page > 1 else "",
        "next_url": address(base, {"page": str(page + 1)}) if len(found) > SIZE else "",
    }
    return desk.show("to_ship", _("To ship"), context)


def _columns() -> list[Column]:
    labels = (_("Number"), _("Ship by"), _("Buyer"), _("To"), _("Goods"))
    return [*(Column(label) for label in labels), Column(_("Units"), num=True)]


def _rows(desk: Desk, orders: Sequence[ToPack], now: datetime) -> list[Row]:
    return [Row(_cells(desk, order, now), pick=str(order.order_id), label=order.number) for order in orders]


def _cells(desk: Desk, order: ToPack, now: datetime) -> list[Cell]:
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
    ]


def preview(desk: Desk) -> HttpResponse:
    """What packing the ticked orders would do; nothing is done yet."""
    query = desk.request.POST or desk.request.GET
    orders = to_pack(_ticked(query.getlist("order")))
    carrier = text(query, "carrier", 24)
    ready = [order for order in orders if order.nodes == 1]
    context = {
        "crumbs": [desk.crumb(_("To ship"), "to_ship"), desk.crumb(_("Pack and book"))],
        "columns": _columns(),
        "rows": _rows(desk, ready, clock.now()),
        "ready": ready,
        "apart": [order for order in orders if order.nodes > 1],
        "units": sum(order.units for order in ready),
        "carrier": carrier,
        "carrier_name": str(CARRIERS.get(carrier, "")),
        "cannot": not carrier_connected() or carrier not in CARRIERS,
        "key": uuid7().hex,
        "back": desk.url("to_ship"),
    }
    return desk.show("pack", _("Pack and book"), context)


def pack(desk: Desk) -> HttpResponse:
    """Each order for itself: one that cannot be packed holds up no other. The worker books the waybills."""
    typed = desk.request.POST
    carrier, key = text(typed, "carrier", 24), check_key(text(typed, "key", 40))
    if carrier not in CARRIERS:
        raise UnknownCarrier()
    ids = _ticked(typed.getlist("order"))
    with desk.scope():
        numbers = dict(Order.objects.filter(pk__in=ids).values_list("id", "number"))
    packed = 0
    for order_id, number in numbers.items():
        try:
            with desk.scope():
                pack_parcel(order_id, "all", carrier, actor=desk.actor, key=f"{key[:31]}-{order_id.hex}")
            packed += 1
        except Refusal as refusal:
            messages.error(desk.request, f"{number}: {refusal}")
    _tell(desk, packed)
    return redirect(desk.url("to_ship"))


def _tell(desk: Desk, packed: int) -> None:
    if packed:
        told = ngettext(
            "%(count)d order is packed. Its waybill is booked now and stands in the order in a moment.",
            "%(count)d orders are packed. Their waybills are booked now and stand in the orders in a moment.",
            packed,
        )
        messages.success(desk.request, told % {"count": packed})


def _ticked(values: Sequence[str]) -> list[UUID]:
    found = (identifier(value[:36]) for value in values[:MOST])
    return list(dict.fromkeys(id for id in found if id))
