"""The checkout: one page, one form. What is refused is said where it is, and nothing typed is lost."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.kit.guessing import count_codes
from tongdao.faces.shop.addresses import AddressTyped, last_address, problems, typed_of
from tongdao.faces.shop.baskets import cart_of, fit, price_basket
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.checkouts import Form, new_key, read_form, show_checkout
from tongdao.faces.shop.choices import CODE, read_choice
from tongdao.faces.shop.notices import Notice, notice_of
from tongdao.faces.shop.pages.waiting import wait
from tongdao.faces.shop.paying import pay
from tongdao.faces.shop.store import Store, shop_page
from tongdao.faces.shop.typed import identifier, text, units
from tongdao.foundation.actors import Actor
from tongdao.foundation.committing import QueueFull
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.throttling import TooManyTries
from tongdao.party.members.consents import acknowledge
from tongdao.party.people.visitors import visitor_address
from tongdao.trade.addressbook.operations import keep_address
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.addressbook.refusals import AddressBookFull
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
    if request.method != "POST":
        _count(request)
        return _begin(request, store)
    try:
        _count(request)
    except TooManyTries as refusal:
        return _without_codes(request, store, refusal)
    return _submit(request, store)


def _count(request: HttpRequest) -> None:
    """A form or an address with coupon codes is one try at guessing them."""
    sent = request.POST if request.method == "POST" else request.GET
    if text(sent, "code", CODE) or sent.getlist("applied"):
        count_codes(visitor_address(request), buyer_of(request))


def _without_codes(request: HttpRequest, store: Store, refusal: TooManyTries) -> HttpResponse:
    form = read_form(request.POST).again()
    form = replace(form, choice=replace(form.choice, codes=()), code="")
    return show_checkout(request, store, form, notice=_undone(notice_of(refusal)), status=refusal.status)


def _begin(request: HttpRequest, store: Store) -> HttpResponse:
    """`?sku=&quantity=` is one thing bought at once, `&group=` in a group; else it is the whole cart."""
    buyer = _buyer(request)
    direct = identifier(text(request.GET, "sku", 40))
    with merchant_scope(store.merchant_id):
        wanted = [Wanted(direct, units(request.GET))] if direct else cart_of(buyer)
        typed = last_address(buyer)
    if not wanted:
        return redirect(store.url("cart"))
    return show_checkout(request, store, Form(new_key(), wanted, typed, read_choice(request.GET)))


def _submit(request: HttpRequest, store: Store) -> HttpResponse:
    form = read_form(request.POST)
    step = text(request.POST, "step", 16)
    if step == "fit":
        form = replace(form.again(), wanted=_fitting(request, store, form))
    if chosen := identifier(text(request.POST, "address", 40)):
        return show_checkout(request, store, replace(form, typed=_from_book(request, store, chosen)))
    if step or form.code or "drop" in request.POST:
        return show_checkout(request, store, form)
    wrong = problems(form.typed)
    if wrong:
        return show_checkout(request, store, form, wrong=wrong, status=422)
    try:
        placed = _place(request, store, form)
    except QueueFull as refusal:
        return wait(request, store, refusal)
    except Refusal as refusal:
        return show_checkout(
            request, store, form.again(), notice=_undone(notice_of(refusal)), status=refusal.status
        )
    if "keep" in request.POST:
        _keep(request, store, form)
    _note_notice(request, store)
    return pay(request, store, placed.purchase_id, placed.order_ids[0], person_id=_buyer(request))


def _place(request: HttpRequest, store: Store, form: Form) -> Placed:
    """Raises what stands against it."""
    wish = prepare(
        form.wanted,
        key=form.key,
        person_id=_buyer(request),
        visitor=visitor_of(request),
        storefront_id=store.storefront_id,
        address=form.typed.address,
        choice=form.choice,
        quote_version=form.quote_version,
    )
    return submit(store.merchant_id, wish)


def _from_book(request: HttpRequest, store: Store, address_id: UUID) -> AddressTyped:
    """One of the buyer's own addresses, for the fields."""
    with merchant_scope(store.merchant_id):
        row = next((row for row in kept_addresses(_buyer(request)) if row.id == address_id), None)
    if row is None:
        raise NotFound()
    return typed_of(row)


def _keep(request: HttpRequest, store: Store, form: Form) -> None:
    """The order stands, whether or not the book has room."""
    with suppress(AddressBookFull), merchant_scope(store.merchant_id):
        keep_address(_buyer(request), form.typed.address)


def _note_notice(request: HttpRequest, store: Store) -> None:
    """The page told what is done with the address before it was sent: that is kept, once a version."""
    with merchant_scope(store.merchant_id):
        acknowledge(face="shop", language=get_language() or "", actor=Actor("person", _buyer(request)))


def _undone(notice: Notice) -> Notice:
    """Every refusal says what it means for the order."""
    if notice.meaning:
        return notice
    then = _("Everything you typed is still here. Look at the total and order again.")
    return replace(notice, meaning=_("Nothing was ordered."), then=then)


def _fitting(request: HttpRequest, store: Store, form: Form) -> list[Wanted]:
    with merchant_scope(store.merchant_id):
        basket = price_basket(
            form.wanted,
            person_id=_buyer(request),
            visitor=visitor_of(request),
            choice=form.choice,
            division_code=form.typed.region.whole,
        )
    return fit(basket)


def _buyer(request: HttpRequest) -> UUID:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return buyer
