"""All flash sales of a store that run or are announced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.shop.sales import SALE_FACTS, SALE_MARKS, read_sales
from tongdao.faces.shop.savings import base_text
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.store import Store, shop_page


@require_safe
@shop_page
def offers(request: HttpRequest, store: Store) -> HttpResponse:
    return shared_page(
        request,
        store,
        "offers",
        marks=SALE_MARKS,
        facts=SALE_FACTS,
        make=lambda: _context(store),
        address=lambda: store.url("offers"),
        tab="home",
    )


def _context(store: Store) -> Mapping[str, Any]:
    return {
        "page_title": _("Offers"),
        "sales": read_sales(store),
        "base": base_text(),
        "home_url": store.url("home"),
        "back_url": store.url("home"),
    }
