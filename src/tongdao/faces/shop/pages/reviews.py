"""All reviews of a product: filters, newest first, page by page. Shared by all visitors, like the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.shop.review_looks import filters, look_of, read_reviews_look
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import identifier
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import product_page
from tongdao.goods.catalog.reading.marks import PRODUCT
from tongdao.trade.reviews.marks import REVIEWS
from tongdao.trade.reviews.queries import SHOWS, reviews_of, summary_of

PAGE = 10


@require_safe
@shop_page
def reviews(request: HttpRequest, store: Store, handle: str) -> HttpResponse:
    """`?show=` is one of SHOWS, anything else all; `?before=` is the last review of the page before."""
    asked = request.GET.get("show", "")
    show = asked if asked in SHOWS else "all"
    before = identifier(request.GET.get("before"))
    return shared_page(
        request,
        store,
        "reviews",
        marks=(PRODUCT, REVIEWS),
        facts={"handle": handle, "show": show, "before": before},
        make=lambda: _context(store, handle, show, before),
        address=lambda: store.url("reviews", handle=handle),
    )


def _context(store: Store, handle: str, show: str, before: UUID | None) -> Mapping[str, Any]:
    with merchant_scope(store.merchant_id):
        product = product_page(handle)
        summary = summary_of(product.product_id)
        look = read_reviews_look(store, handle, product.product_id, first=0)
        page = reviews_of(product.product_id, show=show, before=before, limit=PAGE)
    kept = "" if show == "all" else f"show={show}&"
    return {
        "page_title": _("Reviews of %(title)s") % {"title": product.title},
        "back_url": store.url("product", handle=handle),
        "product": product,
        "reviews": look,
        "chips": filters(summary, look.url, show),
        "cards": [look_of(row) for row in page.rows],
        "newer_url": f"{look.url}?{kept}".rstrip("?&") if before else "",
        "older_url": f"{look.url}?{kept}before={page.older}" if page.older else "",
    }
