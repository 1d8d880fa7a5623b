"""Packing one order: units of each line, a carrier, a waybill booked or typed in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.shipping import carrier_connected, usual_carrier
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.idempotency import check_key
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.operations import book_parcel, pack_parcel
from tongdao.trade.shipping.queries import ShipLine, shippable
from tongdao.trade.shipping.refusals import BadQuantity

PREFIX = "units."


def show(desk: Desk, order_id: UUID) -> HttpResponse:
    """After a refusal with what was typed; `key` lets the same form pack only once."""
    order = shippable(order_id)
    if order is None:
        raise NotFound()
    typed = desk.request.POST
    context = {
        "crumbs": [
            desk.crumb(_("Orders"), "orders"),
            desk.crumb(order.number, "order", order_id=order.order_id),
            desk.crumb(_("Ship")),
        ],
        "order": order,
        "lines": [_line(line, typed) for line in order.lines],
        "carriers": [Choice(code, str(name)) for code, name in CARRIERS.items()],
        "carrier": text(typed, "carrier", 24) or usual_carrier(),
        "waybill_no": text(typed, "waybill_no", 40),
        "connected": carrier_connected(),
        "key": uuid7().hex,
        "order_url": desk.url("order", order_id=order.order_id),
        "channels_url": desk.url("channels") if desk.may("channels.connect") else "",
    }
    return desk.show("ship", _("Ship %(number)s") % {"number": order.number}, context)


def _line(line: ShipLine, typed: QueryDict) -> dict[str, object]:
    name = f"{PREFIX}{line.allocation_id}"
    return {
        "name": name,
        "title": line.title,
        "options": " · ".join(filter(None, (line.option_text, line.sku_code))),
        "image_url": picture_url(line.picture),
        "left": line.left,
        "value": text(typed, name, 8) or str(line.left),
    }


def act(desk: Desk, order_id: UUID) -> HttpResponse:
    """Packs in one transaction; then the carrier is asked, outside of any."""
    typed = desk.request.POST
    items, waybill = _items(typed), text(typed, "waybill_no", 40)
    key = check_key(text(typed, "key", 64))
    with desk.scope():
        packed = pack_parcel(
            order_id, items, text(typed, "carrier", 24), waybill or None, actor=desk.actor, key=key
        )
    if waybill:
        return desk.done(_("Shipped. The buyer can follow the parcel now."), "order", order_id=order_id)
    if book_parcel(desk.merchant_id, packed.parcel_id):
        return desk.done(
            _("Packed, and the carrier has been asked for a waybill."), "order", order_id=order_id
        )
    text_now = _("Packed. The carrier cannot be reached; the waybill is asked for again by itself.")
    return desk.done(text_now, "order", order_id=order_id)


def _items(typed: QueryDict) -> dict[UUID, int]:
    """Lines with no units stay; raises BadQuantity for what is no whole number."""
    items = {}
    for name in typed:
        allocation = identifier(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if allocation is None:
            continue
        units = whole(text(typed, name, 8) or "0")
        if units is None:
            raise BadQuantity()
        if units:
            items[allocation] = units
    return items
