"""What a buyer keeps in mind here: hearts on goods, and the list with what changed since."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.shop.buyers import buyer_of, ensure_buyer
from tongdao.faces.shop.keeping import FavouriteLook, read_favourites
from tongdao.faces.shop.own_page import from_own_page
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import identifier, page_number, text
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import handle_of
from tongdao.goods.favourites.operations import drop_favourite, keep_favourite


@from_own_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def favourites(request: HttpRequest, store: Store) -> HttpResponse:
    """A form with `keep` or `drop`, the id of a product; a script that asks for JSON gets what is so now."""
    return _change(request, store) if request.method == "POST" else _list(request, store)


def _list(request: HttpRequest, store: Store) -> HttpResponse:
    buyer, number = buyer_of(request), page_number(request.GET)
    looks: list[FavouriteLook] = []
    more = False
    if buyer is not None:
        looks, more = read_favourites(store, buyer, number)
    context = {
        "page_title": _("Favourites"),
        "private": True,
        "back_url": store.url("me"),
        "looks": looks,
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if more else "",
    }
    return show(request, store, "favourites", context, tab="me")


def _change(request: HttpRequest, store: Store) -> HttpResponse:
    keep = "keep" in request.POST
    product_id = identifier(text(request.POST, "keep" if keep else "drop", 40))
    if product_id is None:
        raise NotFound()
    scripted = "application/json" in request.headers.get("Accept", "")
    try:
        _turn(request, store, keep)
    except NotFound:
        raise
    except Refusal as refusal:
        if scripted:
            return JsonResponse({"kept": False, "message": refusal.message}, status=refusal.status)
        messages.error(request, refusal.message)
        return redirect(store.url("favourites"))
    if scripted:
        return JsonResponse({"kept": keep})
    messages.success(
        request, _("It is in your favourites.") if keep else _("It is not a favourite any more.")
    )
    return redirect(store.url("favourites"))


def _turn(request: HttpRequest, store: Store, keep: bool) -> None:
    """A visitor becomes a guest by keeping something, never by letting it go."""
    product_id = identifier(text(request.POST, "keep" if keep else "drop", 40))
    assert product_id is not None
    if keep:
        with merchant_scope(store.merchant_id):
            if handle_of(product_id) is None:
                raise NotFound()
    buyer = ensure_buyer(request) if keep else buyer_of(request)
    if buyer is None:
        return
    with merchant_scope(store.merchant_id):
        (keep_favourite if keep else drop_favourite)(buyer, product_id)
