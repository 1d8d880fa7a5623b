"""What is shipped in one go: how far it is, what failed and why, and what can be printed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.tables import address
from tongdao.faces.kit.shapes import Cell, Column, Row, Tone
from tongdao.trade.shipping.operations import retry_dispatch
from tongdao.trade.shipping.queries import DispatchRow, DispatchView, ItemView, dispatch_view, dispatches

PROGRESS: dict[str, tuple[object, Tone]] = {
    "waiting": (gettext_lazy("In line"), "waiting"),
    "booking": (gettext_lazy("Waybill asked for"), "waiting"),
    "held": (gettext_lazy("Held up"), "error"),
    "shipped": (gettext_lazy("Shipped"), "success"),
    "failed": (gettext_lazy("Not shipped"), "error"),
    "taken_back": (gettext_lazy("Parcel cancelled"), ""),
}


def show(desk: Desk) -> HttpResponse:
    """The latest ones."""
    context = {
        "crumbs": [desk.crumb(_("To ship"), "to_ship"), desk.crumb(_("Dispatches"))],
        "columns": [
            Column(_("Begun")),
            Column(_("How")),
            Column(_("Orders"), num=True),
            Column(_("Shipped"), num=True),
            Column(_("Not shipped"), num=True),
        ],
        "rows": [_row(desk, row) for row in dispatches()],
        "empty_title": _("No dispatch yet"),
        "empty_text": _("Orders that are shipped in one go stand here, with their labels to print."),
        "empty_icon": "truck",
    }
    return desk.show("list_page", _("Dispatches"), context)


def _row(desk: Desk, row: DispatchRow) -> Row:
    how = _("Waybills brought along") if row.typed else _("Booked with the carrier")
    cells = [
        Cell(row.created_at, kind="time", url=desk.url("dispatch", dispatch_id=row.dispatch_id)),
        Cell(how, _("How"), "muted"),
        Cell(row.total, _("Orders"), "num"),
        Cell(row.shipped, _("Shipped"), "num"),
        Cell(row.failed or "—", _("Not shipped"), "num"),
    ]
    return Row(cells, label=str(row.created_at))


def one(desk: Desk, dispatch_id: UUID) -> HttpResponse:
    """While something moves the page asks for itself again; htmx swaps only the part that changes."""
    view = dispatch_view(dispatch_id)
    done = view.count("shipped", "failed", "taken_back", "held")
    context = {
        "crumbs": [
            desk.crumb(_("To ship"), "to_ship"),
            desk.crumb(_("Dispatches"), "dispatches"),
            desk.crumb(_("Dispatch")),
        ],
        "view": view,
        "who": shown_names([view.staff_id]).get(view.staff_id, ""),
        "percent": 100 * done // max(1, len(view.items)),
        "done": done,
        "shipped": view.count("shipped"),
        "failed": view.count("failed"),
        "held": view.count("held"),
        "columns": [Column(_("Order number")), Column(_("Waybill")), Column(_("State")), Column(_("Why"))],
        "rows": [_item(desk, item) for item in _first_failed(view)],
        "here": desk.url("dispatch", dispatch_id=dispatch_id),
        "retry_url": desk.url("dispatch_retry", dispatch_id=dispatch_id) if desk.may("orders.ship") else "",
        "prints": print_urls(desk, dispatch=str(dispatch_id)) if desk.may("orders.ship") else {},
    }
    return desk.show("dispatch", _("Dispatch"), context)


def _first_failed(view: DispatchView) -> list[ItemView]:
    """What needs somebody stands on top."""
    return sorted(view.items, key=lambda item: item.progress not in ("failed", "held"))


def _item(desk: Desk, item: ItemView) -> Row:
    words, tone = PROGRESS[item.progress]
    cells = [
        Cell(item.number, url=desk.url("order", order_id=item.order_id)),
        Cell(" ".join(filter(None, (item.carrier_name, item.waybill_no))), _("Waybill")),
        Cell(str(words), _("State"), "tag", tone=tone),
        Cell(item.text or "—", _("Why"), "" if item.text else "muted"),
    ]
    return Row(cells, label=item.number)


def retry(desk: Desk, dispatch_id: UUID) -> HttpResponse:
    """Those that failed, once more."""
    again = retry_dispatch(dispatch_id, actor=desk.actor)
    told = ngettext("%(count)d order is tried again.", "%(count)d orders are tried again.", again)
    return desk.done(told % {"count": again}, "dispatch", dispatch_id=dispatch_id)


def print_urls(desk: Desk, **what: str) -> dict[str, str]:
    """Where the labels and lists of a dispatch or an order are printed."""
    pages = ("labels", "packing_list", "delivery_notes")
    return {page: address(desk.url(page), what) for page in pages}
