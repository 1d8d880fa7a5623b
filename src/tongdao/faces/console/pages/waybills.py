"""Waybills that staff bring along: pasted or out of a file, looked at first, then shipped in one go."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.shipping import usual_carrier
from tongdao.faces.console.typed import text
from tongdao.faces.kit.shapes import Cell, Choice, Column, Row
from tongdao.foundation.idempotency import check_key
from tongdao.foundation.ids import uuid7
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.operations import start_dispatch
from tongdao.trade.shipping.waybills import LARGEST, WaybillLine, decode, read_waybills, wishes_of

WRONG = {
    "number": gettext_lazy("This is no order number"),
    "order": gettext_lazy("No order has this number"),
    "state": gettext_lazy("Not paid, or over already"),
    "group": gettext_lazy("Waits for its buying group"),
    "nothing": gettext_lazy("Everything of it is packed"),
    "apart": gettext_lazy("Its goods lie in different warehouses: ship it by itself"),
    "carrier": gettext_lazy("This carrier is not known"),
    "waybill": gettext_lazy("A waybill number has 6 to 32 letters, digits or hyphens"),
    "twice": gettext_lazy("This order or number stands further up already"),
    "taken": gettext_lazy("Another parcel has this number"),
}


def show(desk: Desk) -> HttpResponse:
    """The form; after sending it once, what it would do. After a refusal with what was typed."""
    typed = desk.request.POST
    return _page(desk, str(typed.get("lines", ""))[:LARGEST], text(typed, "carrier", 24), None)


def act(desk: Desk) -> HttpResponse:
    """First the preview; with `step=ship` the lines that are right are shipped."""
    typed = desk.request.POST
    file = desk.request.FILES.get("file")
    said = decode(file.read(LARGEST + 1)) if file else str(typed.get("lines", ""))[: LARGEST + 1]
    carrier = text(typed, "carrier", 24)
    lines = read_waybills(said, carrier)
    if text(typed, "step", 8) != "ship":
        return _page(desk, said, carrier, lines)
    key = check_key(text(typed, "key", 40))
    dispatch_id = start_dispatch(wishes_of(lines), actor=desk.actor, key=key)
    return redirect(desk.url("dispatch", dispatch_id=dispatch_id))


def _page(desk: Desk, said: str, carrier: str, lines: list[WaybillLine] | None) -> HttpResponse:
    right = [line for line in lines or () if not line.wrong]
    context = {
        "crumbs": [desk.crumb(_("To ship"), "to_ship"), desk.crumb(_("Waybills brought along"))],
        "carriers": [Choice("", _("Stands in each line")), *_carriers()],
        "carrier": carrier if carrier in CARRIERS else usual_carrier(),
        "said": said,
        "read": lines is not None,
        "right": right,
        "units": sum(line.units for line in right),
        "wrong": len(lines or ()) - len(right),
        "columns": [
            Column(_("Line no.")),
            Column(_("Order number")),
            Column(_("Waybill")),
            Column(_("Outcome")),
        ],
        "rows": [_row(line) for line in sorted(lines or (), key=lambda line: not line.wrong)],
        "key": uuid7().hex,
        "back": desk.url("to_ship"),
        "here": desk.url("waybills"),
    }
    return desk.show("waybills", _("Waybills brought along"), context)


def _carriers() -> list[Choice]:
    return [Choice(code, str(name)) for code, name in CARRIERS.items()]


def _row(line: WaybillLine) -> Row:
    carrier = str(CARRIERS.get(line.carrier, line.carrier))
    happens = (
        Cell(str(WRONG[line.wrong]), _("Outcome"), "tag", tone="error")
        if line.wrong
        else Cell(_("Is shipped"), _("Outcome"), "tag", tone="success")
    )
    return Row(
        [
            Cell(line.line),
            Cell(line.number, _("Order number")),
            Cell(f"{carrier} {line.waybill_no}".strip(), _("Waybill")),
            happens,
        ],
        label=str(line.line),
    )
