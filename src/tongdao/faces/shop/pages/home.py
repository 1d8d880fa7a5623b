"""The front of a store: its picture, its notice, what it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.shelves import SHELF_MARKS, read_page, shelf_facts
from tongdao.faces.shop.store import Store, absolute, shop_page
from tongdao.faces.shop.typed import page_number
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.marks import OFFERS
from tongdao.terms.promotions.queries import flash_sales


@require_safe
@shop_page
def home(request: HttpRequest, store: Store) -> HttpResponse:
    number = page_number(request.GET)
    return shared_page(
        request,
        store,
        "home",
        marks=(*SHELF_MARKS, OFFERS),
        facts=shelf_facts(number),
        make=lambda: _context(store, number),
        address=lambda: store.url("home"),
        tab="home",
    )


def _context(store: Store, number: int) -> Mapping[str, Any]:
    with merchant_scope(store.merchant_id):
        sales = flash_sales(clock.now()) if number == 1 else ()
    return {
        "page_title": store.name,
        "offers_url": store.url("offers") if sales else "",
        "shelf": read_page(store, number),
        "front": number == 1,
        "og_image": absolute(store.hero) if store.hero else "",
    }
