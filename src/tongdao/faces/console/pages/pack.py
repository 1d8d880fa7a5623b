"""Packing many orders: what would happen first, then a dispatch that the worker works off."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pages.to_ship import columns, rows_of
from tongdao.faces.console.reading.shipping import carrier_connected, due_before, left_out, to_pack
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.foundation import clock
from tongdao.foundation.idempotency import check_key
from tongdao.foundation.ids import uuid7
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.operations import Wish, start_dispatch
from tongdao.trade.shipping.operations.dispatching import MOST
from tongdao.trade.shipping.queries import orders_to_ship


def show(desk: Desk) -> HttpResponse:
    """What packing the chosen orders would do; nothing is done yet."""
    query = desk.request.POST or desk.request.GET
    chosen = _chosen(desk)
    orders = to_pack(chosen)
    carrier = text(query, "carrier", 24)
    ready = [order for order in orders if order.nodes == 1]
    out = left_out(chosen, [order.order_id for order in ready])
    context = {
        "crumbs": [desk.crumb(_("To ship"), "to_ship"), desk.crumb(_("Pack and book"))],
        "columns": columns(),
        "rows": rows_of(desk, ready),
        "ready": ready,
        "out_columns": [Column(_("Order number")), Column(_("Why it is left out"))],
        "out": [
            Row([Cell(each.number, url=desk.url("order", order_id=each.order_id)), Cell(each.why, _("Why"))])
            for each in out
        ],
        "more": len(chosen) == MOST and "all" in query,
        "most": MOST,
        "units": sum(order.units for order in ready),
        "carrier": carrier,
        "carrier_name": str(CARRIERS.get(carrier, "")),
        "cannot": not carrier_connected() or carrier not in CARRIERS,
        "key": uuid7().hex,
        "back": desk.url("to_ship"),
        "act_url": desk.url("pack"),
    }
    return desk.show("pack", _("Pack and book"), context)


def _chosen(desk: Desk) -> list[UUID]:
    """The ticked ones; or all that the list shows, the longest waiting first, up to a dispatch's MOST."""
    query = desk.request.POST or desk.request.GET
    if "all" in query and desk.request.method == "GET":
        before = due_before(text(query, "due", 8), clock.now())
        return [row.order_id for row in orders_to_ship(limit=MOST, before=before)]
    return ticked(query.getlist("order"))


def act(desk: Desk) -> HttpResponse:
    """Only what the preview showed. What has changed since is found out order by order."""
    typed = desk.request.POST
    carrier, key = text(typed, "carrier", 24), check_key(text(typed, "key", 40))
    wishes = [Wish(order_id, carrier) for order_id in ticked(typed.getlist("order"))]
    dispatch_id = start_dispatch(wishes, actor=desk.actor, key=key)
    return redirect(desk.url("dispatch", dispatch_id=dispatch_id))


def ticked(values: Sequence[str]) -> list[UUID]:
    """The ids among the values of tick boxes, each once."""
    found = (identifier(value[:36]) for value in values[: MOST + 1])
    return list(dict.fromkeys(id for id in found if id))
