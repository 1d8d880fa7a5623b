"""A product: pictures, the price and its history, who recommends it, promises, and the sheet to choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import Picture
from tongdao.faces.shop.bodies import description
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.promises import guarantees
from tongdao.faces.shop.sheets import Sheet, sheet_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.html import plain_text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import PriceLine, ProductPage, price_line, product_page
from tongdao.reach.traffic.queries import recommender
from tongdao.rulebook import trade
from tongdao.trade.routing.queries import route

SUMMARY = 120  # characters


@require_safe
@shop_page
def product(request: HttpRequest, store: Store, handle: str) -> HttpResponse:
    return show_product(request, store, handle)


def show_product(
    request: HttpRequest,
    store: Store,
    handle: str,
    *,
    chosen: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, also after a choice that did not work: `chosen` is kept, `notice` says what to do."""
    now = clock.now()
    with merchant_scope(store.merchant_id):
        page = product_page(handle)
        sources = route(offer.sku_id for offer in page.offers)
        shown = page.cheapest
        price = price_line(shown.sku_id, shown.price_fen, shown.stated_fen, at=now) if shown else None
        friend = recommender(
            visitor=visitor_of(request),
            person_id=buyer_of(request),
            at=now,
            window=trade.ATTRIBUTION_WINDOW.on(now.date()),
        )
    left = {id: source.available for id, source in sources.items()}
    sheet = sheet_of(page, left, chosen or {})
    context = _context(request, store, page, sheet, price)
    return show(request, store, "product", {**context, "friend": friend, "notice": notice}, status=status)


def _context(
    request: HttpRequest, store: Store, page: ProductPage, sheet: Sheet, price: PriceLine | None
) -> dict[str, Any]:
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
        "og_image": request.build_absolute_uri(pictures[0].url) if pictures else "",
        "back_url": store.url("home"),
    }
