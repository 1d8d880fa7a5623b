"""All orders: by state, by number, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.order_list import OrderPage, OrderRow, order_page
from tongdao.faces.console.tables import pager, place_of, tabs
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import ORDER_STATES, state
from tongdao.faces.kit.shapes import Cell, Column, Row, Tone


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    number = text(query, "q", 40)
    wanted = text(query, "state", 12)
    if wanted not in ORDER_STATES and wanted != "to_ship":
        wanted = ""
    page = order_page(state=wanted, number=number, place=place_of(query))
    base, kept = desk.url("orders"), {"q": number, "state": wanted}
    context = {
        "q": number,
        "wanted": wanted,
        "views": tabs(base, "state", _labels(), wanted, {"q": number}),
        "columns": _columns(),
        "rows": _rows(desk, page.rows),
        "pager": _pager(base, kept, page),
        "base": base,
    }
    return desk.show("orders", _("Orders"), context)


def _labels() -> dict[str, str]:
    return {
        "": _("All"),
        "to_ship": _("To ship"),
        **{code: str(words) for code, (words, _tone) in ORDER_STATES.items()},
    }


def _pager(base: str, kept: dict[str, str], page: OrderPage) -> dict[str, str]:
    ids = [row.order_id for row in page.rows]
    return pager(base, kept, ids[0] if ids else None, ids[-1] if ids else None, page.newer, page.older)


def _columns() -> list[Column]:
    return [
        Column(_("Number")),
        Column(_("Placed")),
        Column(_("Buyer")),
        Column(_("Goods")),
        Column(_("State")),
        Column(_("Ship by")),
        Column(_("Total"), num=True),
    ]


def _rows(desk: Desk, rows: Sequence[OrderRow]) -> list[Row]:
    return [Row(_cells(desk, row), pick=str(row.order_id), label=row.number) for row in rows]


def _state(row: OrderRow) -> tuple[str, Tone]:
    if row.waits:
        return _("Group fills"), "waiting"
    if row.left:
        return _("To ship"), "waiting"
    return (_("Shipped"), "success") if row.shipped else state(ORDER_STATES, row.state)


def _cells(desk: Desk, row: OrderRow) -> list[Cell]:
    words, tone = _state(row)
    goods = f"{row.goods} × {row.units}" if row.units else row.goods
    due = date_format(localtime(row.ship_by), "m-d H:i") if row.ship_by and row.left else "—"
    return [
        Cell(row.number, url=desk.url("order", order_id=row.order_id)),
        Cell(row.placed_at, _("Placed"), "time"),
        Cell(row.buyer, _("Buyer")),
        Cell(goods, _("Goods")),
        Cell(words, _("State"), "tag", tone=tone),
        Cell(due, _("Ship by"), "muted"),
        Cell(row.total_fen, _("Total"), "money"),
    ]
