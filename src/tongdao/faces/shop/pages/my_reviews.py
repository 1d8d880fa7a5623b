"""What waits for a buyer's review, and what the buyer wrote here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.review_looks import look_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import identifier
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.queries import ReviewPage, ReviewView, lines_to_review, reviews_by

PAGE = 10
NOTHING = ReviewPage((), None)


@never_cache
@require_safe
@shop_page
def my_reviews(request: HttpRequest, store: Store) -> HttpResponse:
    before, buyer = identifier(request.GET.get("before")), buyer_of(request)
    lines: list[OrderLine] = []
    page = NOTHING
    if buyer is not None:
        with merchant_scope(store.merchant_id):
            lines = [] if before else lines_to_review(buyer)
            page = reviews_by(buyer, before=before, limit=PAGE)
    here = store.url("my_reviews")
    context = {
        "page_title": _("My reviews"),
        "private": True,
        "back_url": store.url("me"),
        "waiting": [_line(store, line) for line in lines],
        "cards": [(look_of(row), picture_url(row.picture), _more(store, row)) for row in page.rows],
        "newer_url": here if before else "",
        "older_url": f"{here}?before={page.older}" if page.older else "",
    }
    return show(request, store, "my_reviews", context, tab="me")


def _line(store: Store, line: OrderLine) -> dict[str, str]:
    return {
        "title": line.title,
        "option_text": line.option_text,
        "picture": picture_url(line.picture),
        "url": store.url("review", line_id=line.id),
    }


def _more(store: Store, row: ReviewView) -> dict[str, object]:
    """Where its follow-up is written, and until when."""
    until = row.may_follow_up_until
    if until is None or until < clock.now():
        return {}
    return {"url": store.url("follow_up", review_id=row.review_id), "until": until}
