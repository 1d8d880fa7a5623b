"""The stock of all SKUs: how many there are and where, what moved, and a count of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import why
from tongdao.faces.console.notices import notice_of
from tongdao.faces.console.reading.stock_list import Moved, StockRow, latest_moves, stock_rows
from tongdao.faces.console.tables import address, tabs
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.foundation.refusals import Refusal
from tongdao.goods.editing.operations.stocktake import Counted, count_stock
from tongdao.goods.editing.refusals import SkusChanged, SkusInvalid

SIZE = 50
MOST = 500  # rows that one count reads


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    found, context = _read(desk, query, "stocks")
    context |= {
        "columns": _columns(),
        "rows": [_row(desk, row) for row in found],
        "moves": [_moved(desk, each) for each in latest_moves()],
        "move_columns": [Column(label) for label in (_("When"), _("SKU"), _("Warehouse"), _("Why"))]
        + [Column(_("Units"), num=True)],
        "take_url": address(desk.url("stock_take"), {"q": context["q"], "show": context["wanted"]})
        if desk.may("goods.edit")
        else "",
    }
    return desk.show("stocks", _("Stock"), context)


def _read(desk: Desk, query: QueryDict, page_name: str) -> tuple[Sequence[StockRow], dict[str, Any]]:
    words, wanted = text(query, "q", 80), text(query, "show", 8)
    labels = {"": _("All"), "low": _("Running out"), "out": _("Sold out")}
    wanted = wanted if wanted in labels else ""
    page = min(whole(text(query, "page", 5)) or 1, 2_000)
    found = stock_rows(words=words, show=wanted, limit=SIZE + 1, offset=(page - 1) * SIZE)
    base = desk.url(page_name)
    kept = {"q": words, "show": wanted}
    return found[:SIZE], {
        "base": base,
        "q": words,
        "wanted": wanted,
        "views": tabs(base, "show", labels, wanted, {"q": words}),
        "previous_url": address(base, kept | {"page": str(page - 1)}) if page > 1 else "",
        "next_url": address(base, kept | {"page": str(page + 1)}) if len(found) > SIZE else "",
    }


def _columns() -> list[Column]:
    figures = (_("On hand"), _("Promised"), _("Still free"))
    return [
        Column(_("SKU")),
        Column(_("Code")),
        *(Column(label, num=True) for label in figures),
        Column(pgettext("stock", "Elsewhere")),
    ]


def _row(desk: Desk, row: StockRow) -> Row:
    parts = {"product_id": row.sku.product_id, "sku_id": row.sku.id}
    others = joined(f"{node} {units}" for node, units in row.elsewhere)
    gone = Cell(_("Sold out"), _("Still free"), "tag", tone="error")
    cells = [
        Cell(row.name, url=desk.url("sku", **parts)),
        Cell(row.sku.code or "—", _("Code"), "muted"),
        Cell(row.on_hand, _("On hand"), "num"),
        Cell(row.reserved, _("Promised"), "num"),
        Cell(row.free, _("Still free"), "num") if row.free > 0 else gone,
        Cell(others or "—", pgettext("stock", "Elsewhere"), "muted"),
    ]
    return Row(cells, label=row.name)


def _moved(desk: Desk, each: Moved) -> Row:
    reasons = {
        "import": _("Import"),
        "count": _("Count"),
        "ship": _("Shipped"),
        "return": _("Return"),
        "undo": _("Undone"),
        "replace": _("Sent as a replacement"),
    }
    cells = [
        Cell(each.at, kind="time"),
        Cell(each.name, _("SKU"), url=desk.url("sku", product_id=each.product_id, sku_id=each.sku_id)),
        Cell(each.node, _("Warehouse"), "muted"),
        Cell(reasons.get(each.reason, each.reason), _("Why")),
        Cell(f"{each.delta:+d}", _("Units"), "num"),
    ]
    return Row(cells, label=each.name)


def take(desk: Desk) -> HttpResponse:
    return _form(desk, {}, {})


def count(desk: Desk) -> HttpResponse:
    """Only rows in which something was typed are counted."""
    posted = desk.request.POST
    typed = {
        id: (text(posted, f"counted.{id}", 9), whole(text(posted, f"was.{id}", 9)))
        for each in posted.getlist("sku")[:MOST]
        if (id := identifier(each))
    }
    counts = {id: (whole(units), was) for id, (units, was) in typed.items() if units}
    wrong = {id: why("count_range") for id, (units, _was) in counts.items() if units is None}
    refusal: Refusal = SkusInvalid()
    if not wrong:
        try:
            with desk.scope():
                done = count_stock(
                    [Counted(id, units or 0, was) for id, (units, was) in counts.items()], actor=desk.actor
                )
        except (SkusInvalid, SkusChanged) as error:
            refusal = error
            wrong = {UUID(cell["sku_id"]): _told(cell) for cell in error.details["cells"]}
        else:
            told = ngettext("%(count)d count changed.", "%(count)d counts changed.", done)
            return desk.done(told % {"count": done}, "stocks")
    desk.notice = notice_of(refusal)
    with desk.scope():
        response = _form(desk, {id: units for id, (units, _was) in typed.items()}, wrong)
    response.status_code = refusal.status
    return response


def _told(cell: dict[str, object]) -> str:
    if cell["code"] == "changed_since":
        return _("It was %(now)s when you sent it: count again") % {"now": cell["now"]}
    return why(str(cell["code"]))


def _form(desk: Desk, typed: dict[UUID, str], wrong: dict[UUID, str]) -> HttpResponse:
    found, context = _read(desk, desk.request.GET, "stock_take")
    context |= {
        "crumbs": [desk.crumb(_("Stock"), "stocks"), desk.crumb(_("Count"))],
        "lines": [(row, typed.get(row.sku.id, ""), wrong.get(row.sku.id, "")) for row in found],
        "stocks_url": desk.url("stocks"),
    }
    return desk.show("stock_take", _("Count the stock"), context)
