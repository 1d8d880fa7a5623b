"""One order: what happened, what happens next and by when, and what the buyer can do about it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.order_view import read_story, story_context
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation.refusals import Refusal
from tongdao.trade.payments.operations import refresh_purchase


@never_cache
@require_safe
@shop_page
def order(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """`?paid=1`: back from the payment page. The channel is asked once, then the page waits for its word."""
    found = read_story(request, store, order_id)
    if "paid" in request.GET:
        if found.can_pay or found.state == "closing":
            _ask(request, store, found.purchase_id)
        return redirect(store.url("order", order_id=order_id) + "?waiting=1")
    context = story_context(store, found, waiting="waiting" in request.GET)
    return show(request, store, "order", context, tab="me")


@never_cache
@require_safe
@shop_page
def story(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """The order's page without its frame, for htmx to look again."""
    found = read_story(request, store, order_id)
    context = story_context(store, found, waiting="waiting" in request.GET)
    return render(request, "shop/part/story.html", {**context, "store": store})


def _ask(request: HttpRequest, store: Store, purchase_id: UUID) -> None:
    try:
        refresh_purchase(store.merchant_id, purchase_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
