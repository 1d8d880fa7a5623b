"""Looking for anything from any page: an order's last digits, a phone's, a product, a code, a member."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.member_list import MemberRow
from tongdao.faces.console.reading.order_list import OrderRow
from tongdao.faces.console.reading.product_list import ProductRow
from tongdao.faces.console.reading.search import Looked, look
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import ORDER_STATES, state
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.goods.search.marking import mark

LONGEST = 64


def show(desk: Desk) -> HttpResponse:
    query = text(desk.request.GET, "q", LONGEST)
    members = desk.may("members.read")
    found = look(query, members=members) if query else None
    context = {
        "q": query,
        "found": found,
        "may_members": members,
        "sections": _sections(desk, found) if found else [],
        "base": desk.url("search"),
        "products_url": desk.url("products"),
        "orders_url": desk.url("orders"),
    }
    return desk.show("search", _("Search"), context)


def _sections(desk: Desk, found: Looked) -> list[dict[str, object]]:
    """Only those that hold something."""
    orders = _order_columns()
    sections = [
        (_("Orders whose number ends so"), orders, _orders(desk, found.by_number)),
        (_("Orders to a phone that ends so"), orders, _orders(desk, found.by_phone)),
        (_("Products"), _product_columns(), [_product(desk, row, found) for row in found.products]),
        (_("Latest orders of these goods"), orders, _orders(desk, found.with_goods)),
        (_("Members who sign in with it"), _member_columns(), _members(desk, found.by_sign_in)),
        (
            _("Members shown as %(name)s") % {"name": found.mask},
            _member_columns(),
            _members(desk, found.by_name),
        ),
    ]
    return [{"title": title, "columns": columns, "rows": rows} for title, columns, rows in sections if rows]


def _order_columns() -> list[Column]:
    return [
        Column(_("Number")),
        Column(_("Placed")),
        Column(_("Buyer")),
        Column(_("Goods")),
        Column(_("State")),
        Column(_("Total"), num=True),
    ]


def _orders(desk: Desk, rows: Sequence[OrderRow]) -> list[Row]:
    return [Row(_order(desk, row), label=row.number) for row in rows]


def _order(desk: Desk, row: OrderRow) -> list[Cell]:
    words, tone = state(ORDER_STATES, row.state)
    return [
        Cell(row.number, url=desk.url("order", order_id=row.order_id)),
        Cell(row.placed_at, _("Placed"), "time"),
        Cell(row.buyer, _("Buyer")),
        Cell(f"{row.goods} × {row.units}", _("Goods")),
        Cell(words, _("State"), "tag", tone=tone),
        Cell(row.total_fen, _("Total"), "money"),
    ]


def _product_columns() -> list[Column]:
    return [Column(_("Product")), Column(_("Brand")), Column(_("State")), Column(_("Price"), num=True)]


def _product(desk: Desk, row: ProductRow, found: Looked) -> Row:
    shown = Cell(_("In the shop"), _("State"), "tag", tone="success")
    hidden = Cell(_("Hidden"), _("State"), "tag")
    title = _marked(row.title, found.sounds.get(row.product_id, ""), found)
    url = desk.url("product", product_id=row.product_id)
    cells = [
        Cell(title, url=url, image_url=picture_url(row.picture)),
        Cell(row.vendor or "—", _("Brand"), "muted"),
        shown if row.published else hidden,
        Cell(f"¥{yuan(row.from_fen)}", _("Price"), "num"),
    ]
    return Row(cells, label=row.title)


def _member_columns() -> list[Column]:
    return [Column(_("Name")), Column(_("Signs in with")), Column(_("Since"))]


def _members(desk: Desk, rows: Sequence[MemberRow]) -> list[Row]:
    return [Row(_member(desk, row), label=row.name or _("A guest")) for row in rows]


def _member(desk: Desk, row: MemberRow) -> list[Cell]:
    return [
        Cell(row.name or _("A guest"), url=desk.url("member", member_id=row.member_id)),
        Cell(row.sign_in or "—", _("Signs in with"), "muted"),
        Cell(row.joined_at, _("Since"), "time"),
    ]


def _marked(title: str, sound: str, found: Looked) -> SafeString:
    parts = mark(title, sound, found.tokens)
    pieces = ((format_html("<mark>{}</mark>", part.text) if part.hit else part.text,) for part in parts)
    return format_html("<span>{}</span>", format_html_join("", "{}", pieces))
