"""What was looked at lately. Which it was only the browser knows: it names the goods, the shop draws them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.keeping import read_seen
from tongdao.faces.shop.store import Store, shop_page, show

MOST = 24  # as static/shop/shop.js keeps


@require_safe
@shop_page
def seen(request: HttpRequest, store: Store) -> HttpResponse:
    context = {
        "page_title": _("Recently seen"),
        "private": True,
        "back_url": store.url("me"),
        "cards_url": store.url("seen_cards"),
    }
    return show(request, store, "seen", context, tab="me")


@never_cache
@require_safe
@shop_page
def seen_cards(request: HttpRequest, store: Store) -> HttpResponse:
    """A part of the page: `?p=` names each product by its handle, the latest first."""
    handles = [handle[:255] for handle in request.GET.getlist("p")[:MOST]]
    return render(request, "shop/part/seen.html", {"cards": read_seen(store, handles), "store": store})
