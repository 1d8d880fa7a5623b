"""A product: pictures, the price and its history, who recommends it, promises, and the sheet to choose.

The page is made once for all visitors (shared.py): what its templates show must come from `_context`, and a
change of it must show in PRODUCT_MARKS. A visitor's own parts go into holes (personal.py); forms on it carry
no secret, so their views are `from_own_page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.crm.reputation.marks import PRODUCT_STANDING
from tongdao.crm.reputation.queries import product_reputation
from tongdao.faces.kit.money_text import yuan, yuan_plain
from tongdao.faces.kit.reputation_words import formula_text, score_text, short_figures
from tongdao.faces.kit.shapes import Picture
from tongdao.faces.shop.bodies import description
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.product_offers import OffersLook, at_sale_prices, read_offers_look, sale_line
from tongdao.faces.shop.promises import guarantees
from tongdao.faces.shop.review_looks import read_reviews_look
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.sheets import MOST, Sheet, sheet_of
from tongdao.faces.shop.store import Store, absolute, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.html import plain_text
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import PriceLine, ProductPage, price_line, product_page
from tongdao.goods.catalog.reading.marks import PRODUCT
from tongdao.goods.inventory.marks import PRODUCT_STOCK
from tongdao.goods.inventory.queries import was_ordered
from tongdao.terms.promotions.marks import OFFERS, THE_GROUPS
from tongdao.trade.reviews.marks import REVIEWS
from tongdao.trade.routing.queries import route


class ProductGone(Refusal):
    """This is not sold any more. What was ordered goes on. The shop has other things."""

    status = 410


SUMMARY = 120  # characters
PRODUCT_MARKS = (PRODUCT, PRODUCT_STOCK, OFFERS, THE_GROUPS, REVIEWS, PRODUCT_STANDING)


@require_safe
@shop_page
def product(request: HttpRequest, store: Store, handle: str) -> HttpResponse:
    try:
        return shared_page(
            request,
            store,
            "product",
            marks=PRODUCT_MARKS,
            facts={"handle": handle, "most": MOST},
            make=lambda: _context(store, handle, {}),
            address=lambda: store.url("product", handle=handle),
        )
    except NotFound:
        _refuse_gone(store, handle)
        raise


def _refuse_gone(store: Store, handle: str) -> None:
    """What was once ordered here and is not sold any more is told from what never was, or not yet."""
    with merchant_scope(store.merchant_id):
        if was_ordered(handle):
            raise ProductGone()


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
    now = clock.now()
    with merchant_scope(store.merchant_id):
        page = product_page(handle)
        left = {id: source.available for id, source in route(one.sku_id for one in page.offers).items()}
        offers = read_offers_look(store, page, left, now)
        price = _price(page, offers, now)
        reviews = read_reviews_look(store, handle, page.product_id)
        standing = product_reputation(page.product_id, now)
    page = at_sale_prices(page, offers.running)
    shown = _shown(store, page, sheet_of(page, left, chosen), price)
    return {
        **shown,
        "offers": offers,
        "reviews": reviews,
        "score": score_text(standing),
        "formula": formula_text(standing),
        "figures": short_figures(standing),
        "how_url": store.url("about") + "#how",
    }


def _price(page: ProductPage, offers: OffersLook, now: datetime) -> PriceLine | None:
    """Of the SKU that costs least now, in the merchant's scope."""
    cheapest = at_sale_prices(page, offers.running).cheapest
    if cheapest is None:
        return None
    public = next(offer for offer in page.offers if offer.sku_id == cheapest.sku_id)
    line = price_line(public.sku_id, public.price_fen, public.stated_fen, at=now)
    deal = offers.running.get(public.sku_id)
    return sale_line(line, deal, now) if deal else line


def _told(page: ProductPage, price: PriceLine | None) -> str:
    """What a shared card says: the price of now, as the page has it, and the beginning of the text."""
    words = plain_text(page.body_html, SUMMARY) or page.title
    if price is None:
        return words
    told = f"¥{yuan(price.fen)}"
    return f"{_('%(price)s and up') % {'price': told} if page.many_prices else told} · {words}"


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
        "take_url": store.url("take"),
        "choose_url": store.url("choose", handle=page.handle),
        "guarantees": guarantees(page.return_exclusion),
        "description": _told(page, price),
        "og_type": "product",
        "og_price": yuan_plain(price.fen) if price else "",
        "og_image": absolute(pictures[0].url) if pictures else "",
        "back_url": store.url("home"),
    }
