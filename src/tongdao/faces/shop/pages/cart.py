"""The cart: what is meant to be bought, priced as of now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongdao.faces.shop.baskets import cart_of, price_basket
from tongdao.faces.shop.bills import bill, total_label
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import identifier, text, units
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.operations import set_cart_line


@never_cache
@require_safe
@shop_page
def cart(request: HttpRequest, store: Store) -> HttpResponse:
    buyer = buyer_of(request)
    basket = None
    if buyer is not None:
        with merchant_scope(store.merchant_id):
            basket = price_basket(cart_of(buyer), person_id=buyer, visitor=visitor_of(request))
    context = {
        "page_title": _("Cart"),
        "basket": basket,
        "sums": bill(basket) if basket else [],
        "total_label": total_label(basket) if basket else "",
        "private": True,
        "checkout_url": store.url("checkout"),
        "line_url": store.url("cart_line"),
        "home_url": store.url("home"),
    }
    return show(request, store, "cart", context, tab="cart")


@require_POST
@shop_page
def cart_line(request: HttpRequest, store: Store) -> HttpResponse:
    """Set one line's quantity; `remove` takes it out."""
    buyer, sku = buyer_of(request), identifier(text(request.POST, "sku", 40))
    if buyer is None or sku is None:
        raise NotFound()
    try:
        quantity = 0 if "remove" in request.POST else units(request.POST)
        with merchant_scope(store.merchant_id):
            set_cart_line(buyer, sku, quantity)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    return redirect(store.url("cart"))
