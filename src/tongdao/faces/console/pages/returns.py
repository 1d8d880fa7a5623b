"""Where goods go back to, for which stock, who set it and since when; and who pays for sending them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.returns import ReturnAddressForm
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Cell
from tongdao.party.network.models import Partner
from tongdao.rulebook import divisions
from tongdao.trade.aftersales.carriage import carriage_offered
from tongdao.trade.aftersales.operations import offer_carriage
from tongdao.trade.orders.wishing import Address
from tongdao.trade.shipping.models import ReturnAddress
from tongdao.trade.shipping.operations import end_return_address, set_return_address
from tongdao.trade.shipping.places import Place, current_addresses, past_addresses, place_for, place_of


def show(desk: Desk) -> HttpResponse:
    rows, past = current_addresses(), past_addresses()
    names = shown_names(row.staff_id for row in (*rows, *past) if row.staff_id)
    default = next((row for row in rows if row.node_id is None), None)
    fallback = place_for(()) if default is None else None
    context = {
        "crumbs": [desk.crumb(_("Settings"), "settings"), desk.crumb(_("Returns"))],
        "addresses": [
            {
                "title": _owner(row),
                "rows": _rows(row, names),
                "change_url": f"{desk.url('return_address')}?node={row.node_id or ''}",
                "end_url": desk.url("return_address_end", address_id=row.id),
            }
            for row in rows
        ],
        "missing": default is None,
        "fallback": _place(fallback) if fallback else None,
        "new_url": desk.url("return_address"),
        "past": [(_owner(row), _rows(row, names)) for row in past],
        "offered": carriage_offered(),
        "carriage_url": desk.url("carriage"),
    }
    return desk.show("return_addresses", _("Returns"), context)


def _owner(row: ReturnAddress) -> str:
    return row.node.name if row.node else _("All that has no address of its own")


def _rows(row: ReturnAddress, names: Any) -> list[Cell]:
    found = [*_place(place_of(row)), Cell(row.effective_from, _("Since"), "time")]
    if row.staff_id in names:
        found.append(Cell(names[row.staff_id], _("Set by")))
    if row.effective_to:
        found.append(Cell(row.effective_to, _("Until"), "time"))
    return found


def _place(place: Place) -> list[Cell]:
    note = [Cell(place.note, _("What you ask of buyers"))] if place.note else []
    return [
        Cell(place.name, _("Receiver")),
        Cell(place.phone, _("Phone"), "num"),
        Cell(place.address, _("Address")),
        *note,
    ]


def form(desk: Desk) -> HttpResponse:
    node = identifier(text(desk.request.GET, "node", 40))
    row = next((row for row in current_addresses() if row.node_id == node), None)
    initial = {"node": str(node or "")}
    if row:
        region = divisions.full_name(row.division_code, row.division_version)
        initial |= {"recipient": row.recipient, "phone": row.phone, "detail": row.detail}
        initial |= {"region": region, "note": row.note}
    context = {
        "crumbs": [
            desk.crumb(_("Settings"), "settings"),
            desk.crumb(_("Returns"), "return_addresses"),
            desk.crumb(_("Address")),
        ],
        "form": desk.blank(ReturnAddressForm, initial=initial, nodes=_nodes()),
        "button": _("Save"),
    }
    return desk.show("paper_form", _("Where goods go back to"), context)


def save(desk: Desk) -> HttpResponse:
    typed = desk.read(ReturnAddressForm(desk.request.POST, nodes=_nodes())).cleaned_data
    address = Address(typed["recipient"], typed["phone"], typed["detail"], typed["region"], divisions.VERSION)
    set_return_address(address, note=typed["note"], node_id=identifier(typed["node"]), actor=desk.actor)
    done = _("Saved. Buyers whose return is agreed to from now on send it there.")
    return desk.done(done, "return_addresses")


def end(desk: Desk, address_id: UUID) -> HttpResponse:
    end_return_address(address_id, actor=desk.actor)
    return desk.done(_("Ended. What buyers were shown before stays with their cases."), "return_addresses")


def carriage(desk: Desk) -> HttpResponse:
    offered = text(desk.request.POST, "offered", 3) == "yes"
    offer_carriage(offered, actor=desk.actor)
    if offered:
        done = _("From now on your shop pays for sending goods back, whatever the reason.")
    else:
        done = _("From the next order on buyers pay for returns without a reason.")
    return desk.done(done, "return_addresses")


def _nodes() -> list[tuple[str, str]]:
    """Who may own stock here."""
    return [(str(row.id), row.name) for row in Partner.objects.order_by("name", "id")]
