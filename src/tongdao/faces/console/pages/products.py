"""All products, with stock and price, and what can be done with many of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.kit.shapes import Action


def show(desk: Desk) -> HttpResponse:
    may = desk.may("goods.edit")
    empty = listing.Empty(
        _("No products yet"),
        _("Make one here, or bring them in from a file: goods, prices, stock and pictures at once."),
        "box",
        label=_("Import products") if may else "",
        url=desk.url("imports") if may else "",
    )
    bulk = {name: desk.url(name) for name in ("bulk_prices", "bulk_switch")} if may else {}
    return listing.show(
        desk,
        "products",
        empty,
        actions=_actions(desk),
        extra=_pick if may else None,
        template="product_list",
        more={"bulk": bulk},
    )


def _pick(product: Any) -> Mapping[str, str]:
    """A tick box of the form below the list."""
    box = format_html(
        '<label class="pick-in"><input type="checkbox" form="bulk" name="product" value="{}"'
        ' aria-label="{} {}"></label>',
        product.id,
        _("Choose"),
        product.title,
    )
    return {"title": box}


def _actions(desk: Desk) -> list[Action]:
    if not desk.may("goods.edit"):
        return []
    return [
        Action(_("New product"), desk.url("product_new"), kind="primary", icon="plus"),
        Action(_("Import"), desk.url("imports"), icon="plus"),
    ]
