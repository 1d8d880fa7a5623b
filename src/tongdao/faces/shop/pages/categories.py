"""Goods by kind, as the merchant named the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.shelves import SHELF_MARKS, read_page, shelf_facts
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import page_number, text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import categories as read_categories
from tongdao.goods.catalog.reading.marks import CATEGORIES


@require_safe
@shop_page
def categories(request: HttpRequest, store: Store) -> HttpResponse:
    """All goods, or with `?type=` those of one kind; an unknown kind is 404."""
    wanted, number = text(request.GET, "type", 120), page_number(request.GET)
    return shared_page(
        request,
        store,
        "categories",
        marks=(*SHELF_MARKS, CATEGORIES),
        facts=shelf_facts(number, wanted or None),
        make=lambda: _context(store, wanted, number),
        address=lambda: store.url("categories"),
        tab="categories",
    )


def _context(store: Store, wanted: str, number: int) -> Mapping[str, Any]:
    with merchant_scope(store.merchant_id):
        kinds = read_categories()
    if wanted and wanted not in {kind.name for kind in kinds}:
        raise Http404(wanted)
    here = store.url("categories")
    chips = [NavItem(here, _("All"), current=not wanted)]
    chips += [
        NavItem(
            f"{here}?{urlencode({'type': kind.name})}",
            kind.name,
            current=kind.name == wanted,
            count=kind.products,
        )
        for kind in kinds
    ]
    return {
        "page_title": wanted or _("Categories"),
        "chips": chips if kinds else [],
        "shelf": read_page(store, number, category=wanted or None),
    }
