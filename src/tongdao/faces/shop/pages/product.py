"""A product: pictures, the price and its history, who recommends it, promises, and the sheet to choose.

The page is made once for all visitors (shared.py): what its templates show must come from `_context`, and a
change of it must show in PRODUCT_MARKS. A visitor's own parts go into holes (personal.py); forms on it carry
no secret, so their views are `from_own_page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import Picture
from tongdao.faces.shop.bodies import description
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.promises import guarantees
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.sheets import MOST, Sheet, sheet_of
from tongdao.faces.shop.store import Store, absolute, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.html import plain_text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import PriceLine, ProductPage, price_line, product_page
from tongdao.goods.catalog.reading.marks import PRODUCT
from tongdao.goods.inventory.marks import PRODUCT_STOCK
from tongdao.trade.routing.queries import route

SUMMARY = 120  # characters
PRODUCT_MARKS = (PRODUCT, PRODUCT_STOCK)


@require_safe
@shop_page
def product(request: HttpRequest, store: Store, handle: str) -> HttpResponse:
    return shared_page(
        request,
        store,
        "product",
        marks=PRODUCT_MARKS,
        facts={"handle": handle, "most": MOST},
        make=lambda: _context(store, handle, {}),
        address=lambda: store.url("product", handle=handle),
    )


def show_again(
    request: HttpRequest,
    store: Store,
    handle: str,
    *,
    chosen: Mapping[str, str],
    notice: Notice,
    status: int,
) -> HttpResponse:
    """The page after a choice that did not work: `chosen` is kept, `notice` says what to do."""
    context = {**_context(store, handle, chosen), "notice": notice}
    return show(request, store, "product", context, status=status)


def _context(store: Store, handle: str, chosen: Mapping[str, str]) -> dict[str, Any]:
    with merchant_scope(store.merchant_id):
        page = product_page(handle)
        sources = route(offer.sku_id for offer in page.offers)
        shown = page.cheapest
        price = price_line(shown.sku_id, shown.price_fen, shown.stated_fen, at=clock.now()) if shown else None
    sheet = sheet_of(page, {id: source.available for id, source in sources.items()}, chosen)
    return _shown(store, page, sheet, price)


def _shown(store: Store, page: ProductPage, sheet: Sheet, price: PriceLine | None) -> dict[str, Any]:
    pictures = [
        Picture(picture_url(image.file), image.alt, image.width or 800, image.height or 800)
        for image in page.images
    ]
    return {
        "page_title": page.title,
        "product": page,
        "body": description(page.body_html),
        "pictures": pictures,
        "price": price,
        "sheet": sheet,
        "choose_url": store.url("choose", handle=page.handle),
        "guarantees": guarantees(),
        "description": plain_text(page.body_html, SUMMARY) or page.title,
        "og_image": absolute(pictures[0].url) if pictures else "",
        "back_url": store.url("home"),
    }
