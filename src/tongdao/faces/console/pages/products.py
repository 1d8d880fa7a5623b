"""All products, with stock and price."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.product_list import ProductRow, product_page
from tongdao.faces.console.tables import pager, place_of, tabs
from tongdao.faces.console.typed import text
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Action, Cell, Column, Row


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    title, wanted = text(query, "q", 80), text(query, "show", 12)
    labels = _labels()
    wanted = wanted if wanted in labels else ""
    page = product_page(show=wanted, title=title, place=place_of(query))
    base = desk.url("products")
    ids = [row.product_id for row in page.rows]
    context = {
        "q": title,
        "wanted": wanted,
        "views": tabs(base, "show", labels, wanted, {"q": title}),
        "columns": _columns(),
        "rows": _rows(desk, page.rows),
        "pager": pager(
            base,
            {"q": title, "show": wanted},
            ids[0] if ids else None,
            ids[-1] if ids else None,
            page.newer,
            page.older,
        ),
        "base": base,
        "actions": _actions(desk),
    }
    return desk.show("products", _("Products"), context)


def _labels() -> dict[str, str]:
    return {"": _("All"), "published": _("In the shop"), "hidden": _("Hidden"), "sold_out": _("Sold out")}


def _actions(desk: Desk) -> list[Action]:
    if not desk.may("goods.edit"):
        return []
    return [Action(_("Import"), desk.url("imports"), icon="plus")]


def _columns() -> list[Column]:
    return [
        Column(_("Product")),
        Column(_("Brand")),
        Column(_("State")),
        Column(_("SKUs"), num=True),
        Column(_("Stock"), num=True),
        Column(_("Price"), num=True),
    ]


def _rows(desk: Desk, rows: Sequence[ProductRow]) -> list[Row]:
    return [Row(_cells(desk, row), label=row.title) for row in rows]


def _cells(desk: Desk, row: ProductRow) -> list[Cell]:
    price = f"¥{yuan(row.from_fen)}"
    if row.to_fen != row.from_fen:
        price = f"{price} – {yuan(row.to_fen)}"
    shown = Cell(_("In the shop"), _("State"), "tag", tone="success")
    hidden = Cell(_("Hidden"), _("State"), "tag")
    gone = Cell(_("Sold out"), _("Stock"), "tag", tone="error")
    return [
        Cell(
            row.title,
            url=desk.url("product", product_id=row.product_id),
            image_url=picture_url(row.picture),
        ),
        Cell(row.vendor or "—", _("Brand"), "muted"),
        shown if row.published else hidden,
        Cell(row.skus, _("SKUs"), "num"),
        Cell(row.free, _("Stock"), "num") if row.free > 0 else gone,
        Cell(price, _("Price"), "num"),
    ]
