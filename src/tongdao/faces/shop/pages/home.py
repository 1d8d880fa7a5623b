"""The front of a store: its picture, its notice, what it has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongdao.faces.shop.shelves import read_page
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import page_number


@require_safe
@shop_page
def home(request: HttpRequest, store: Store) -> HttpResponse:
    number = page_number(request.GET)
    context = {
        "page_title": store.name,
        "shelf": read_page(store, number),
        "front": number == 1,
        "og_image": request.build_absolute_uri(store.hero) if store.hero else "",
    }
    return show(request, store, "home", context, tab="home")
