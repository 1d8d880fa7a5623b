"""Straight to the checkout with one SKU: from a flash sale, or for a seat in a group."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tongdao.faces.shop.buyers import ensure_buyer
from tongdao.faces.shop.choices import read_group
from tongdao.faces.shop.own_page import from_own_page
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import identifier, text, units
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import sku_facts
from tongdao.trade.orders.refusals import QuantityInvalid


@from_own_page
@require_POST
@shop_page
def take(request: HttpRequest, store: Store) -> HttpResponse:
    """`sku`, `quantity`, and `group`: `new`, the id of one, or nothing. What it costs the checkout says."""
    sku, quantity = identifier(text(request.POST, "sku", 40)), units(request.POST)
    if quantity < 1:
        raise QuantityInvalid()
    with merchant_scope(store.merchant_id):
        if sku is None or not sku_facts([sku]):
            raise NotFound()
    ensure_buyer(request)
    wanted = {"sku": sku, "quantity": quantity}
    if group := read_group(request.POST):
        wanted["group"] = group
    return redirect(f"{store.url('checkout')}?{urlencode(wanted)}")
