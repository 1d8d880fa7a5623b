"""The checkout: one page, one form. What is refused is said where it is, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdao.faces.shop.addresses import AddressTyped, last_address, problems, read_address
from tongdao.faces.shop.baskets import cart_of, fit, price_basket
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.checkouts import Form, new_key, read_wanted, show_checkout
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.paying import pay
from tongdao.faces.shop.regions import read_region
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import identifier, text, units
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.operations import Placed, prepare
from tongdao.trade.orders.queue import submit
from tongdao.trade.orders.wishing import Wanted


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def checkout(request: HttpRequest, store: Store) -> HttpResponse:
    """Without a buyer there is nothing to check out: the cart says so."""
    if buyer_of(request) is None:
        return redirect(store.url("cart"))
    return _submit(request, store) if request.method == "POST" else _begin(request, store)


@require_safe
@shop_page
def regions(request: HttpRequest, store: Store) -> HttpResponse:
    """The three selects alone, for htmx."""
    context = {"region": read_region(request.GET), "regions_url": store.url("regions")}
    return render(request, "shop/part/region.html", context)


def _begin(request: HttpRequest, store: Store) -> HttpResponse:
    """`?sku=&quantity=` is one thing bought at once; else it is the whole cart."""
    buyer = _buyer(request)
    direct = identifier(text(request.GET, "sku", 40))
    with merchant_scope(store.merchant_id):
        wanted = [Wanted(direct, units(request.GET))] if direct else cart_of(buyer)
        typed = last_address(buyer)
    if not wanted:
        return redirect(store.url("cart"))
    return show_checkout(request, store, Form(new_key(), wanted, typed))


def _submit(request: HttpRequest, store: Store) -> HttpResponse:
    wanted, typed = read_wanted(request.POST.getlist("line")), read_address(request.POST)
    form = Form(text(request.POST, "key", 64), wanted, typed)
    step = request.POST.get("step")
    if step == "region":
        return show_checkout(request, store, form)
    if step == "fit":
        return show_checkout(request, store, Form(new_key(), _fitting(request, store, wanted), typed))
    wrong = problems(typed)
    if wrong:
        return show_checkout(request, store, form, wrong=wrong, status=422)
    try:
        placed = _place(request, store, form.key, wanted, typed)
    except Refusal as refusal:
        again = Form(new_key(), wanted, typed)
        return show_checkout(request, store, again, notice=notice_of(refusal), status=refusal.status)
    return pay(request, store, placed.purchase_id, placed.order_ids[0], person_id=_buyer(request))


def _place(
    request: HttpRequest, store: Store, key: str, wanted: Sequence[Wanted], typed: AddressTyped
) -> Placed:
    """Raises what stands against it."""
    wish = prepare(
        wanted,
        key=key,
        person_id=_buyer(request),
        visitor=visitor_of(request),
        storefront_id=store.storefront_id,
        address=typed.address,
    )
    return submit(store.merchant_id, wish)


def _fitting(request: HttpRequest, store: Store, wanted: Sequence[Wanted]) -> list[Wanted]:
    with merchant_scope(store.merchant_id):
        return fit(price_basket(wanted, person_id=_buyer(request), visitor=visitor_of(request)))


def _buyer(request: HttpRequest) -> UUID:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return buyer
