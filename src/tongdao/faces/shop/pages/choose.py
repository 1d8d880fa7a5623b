"""What the sheet sends: into the cart, or straight to the checkout."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongdao.faces.shop.buyers import ensure_buyer
from tongdao.faces.shop.notices import Notice, notice_of
from tongdao.faces.shop.own_page import from_own_page
from tongdao.faces.shop.pages.product import show_again
from tongdao.faces.shop.sheets import chosen_values
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import identifier, text, units
from tongdao.foundation.refusals import BadInput, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import ProductPage, SkuOffer, product_page
from tongdao.trade.orders.operations import set_cart_line
from tongdao.trade.orders.refusals import QuantityInvalid


class ChoiceUnknown(BadInput):
    """This combination is not made. Nothing was put into the cart; choose another one."""


@from_own_page
@require_POST
@shop_page
def choose(request: HttpRequest, store: Store, handle: str) -> HttpResponse:
    """`then=buy` goes to the checkout with this one thing; else it goes into the cart and the page stays."""
    chosen = {name: text(request.POST, name) for name in request.POST}
    try:
        quantity = units(request.POST)
        with merchant_scope(store.merchant_id):
            page = product_page(handle)
        offer = _offer(page, chosen)
        if quantity < 1:
            raise QuantityInvalid()
        buyer = ensure_buyer(request)
        if chosen.get("then") == "buy":
            wanted = urlencode({"sku": offer.sku_id, "quantity": quantity})
            return redirect(f"{store.url('checkout')}?{wanted}")
        with merchant_scope(store.merchant_id):
            set_cart_line(buyer, offer.sku_id, quantity, add=True)
    except BadInput as refusal:
        return _again(request, store, handle, chosen, refusal)
    messages.success(
        request, _("%(count)d × %(title)s is in your cart.") % {"count": quantity, "title": page.title}
    )
    return redirect(store.url("product", handle=handle))


def _offer(page: ProductPage, chosen: dict[str, str]) -> SkuOffer:
    if page.option_names:
        found = page.find(chosen_values(page, chosen))
    else:
        wanted = identifier(chosen.get("sku"))
        found = next((offer for offer in page.offers if offer.sku_id == wanted), None)
    if found is None:
        raise ChoiceUnknown()
    return found


def _again(
    request: HttpRequest, store: Store, handle: str, chosen: dict[str, str], refusal: Refusal
) -> HttpResponse:
    notice: Notice = notice_of(refusal)
    return show_again(request, store, handle, chosen=chosen, notice=notice, status=refusal.status)
