"""A buyer's own addresses here: listed, added, changed, the default one, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.shop.addresses import AddressTyped, place_text, problems, read_address, typed_of
from tongdao.faces.shop.buyers import buyer_of, ensure_buyer
from tongdao.faces.shop.notices import Notice, notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.addressbook.models import KeptAddress
from tongdao.trade.addressbook.operations import (
    change_address,
    delete_address,
    keep_address,
    make_address_default,
)
from tongdao.trade.addressbook.queries import kept_addresses


@never_cache
@require_safe
@shop_page
def addresses(request: HttpRequest, store: Store) -> HttpResponse:
    buyer = buyer_of(request)
    rows: list[KeptAddress] = []
    if buyer is not None:
        with merchant_scope(store.merchant_id):
            rows = kept_addresses(buyer)
    context = {
        "page_title": _("Addresses"),
        "private": True,
        "back_url": store.url("me"),
        "new_url": store.url("address_new"),
        "rows": [_look(store, row) for row in rows],
    }
    return show(request, store, "addresses", context, tab="me")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def address_new(request: HttpRequest, store: Store) -> HttpResponse:
    if request.method != "POST":
        return _form(request, store, AddressTyped())
    typed = read_address(request.POST)
    wrong = problems(typed) if "step" not in request.POST else {}
    if wrong or "step" in request.POST:
        return _form(request, store, typed, wrong=wrong)
    buyer = ensure_buyer(request)
    try:
        with merchant_scope(store.merchant_id):
            keep_address(buyer, typed.address, default="default" in request.POST)
    except Refusal as refusal:
        return _form(request, store, typed, notice=notice_of(refusal), status=refusal.status)
    return redirect(store.url("addresses"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def address(request: HttpRequest, store: Store, address_id: UUID) -> HttpResponse:
    """Change one."""
    row = _mine(request, store, address_id)
    if request.method != "POST":
        return _form(request, store, typed_of(row), row=row)
    typed = read_address(request.POST)
    wrong = problems(typed) if "step" not in request.POST else {}
    if wrong or "step" in request.POST:
        return _form(request, store, typed, wrong=wrong, row=row)
    with merchant_scope(store.merchant_id):
        change_address(row.person_id, address_id, typed.address)
        if "default" in request.POST:
            make_address_default(row.person_id, address_id)
    return redirect(store.url("addresses"))


@require_POST
@shop_page
def address_default(request: HttpRequest, store: Store, address_id: UUID) -> HttpResponse:
    row = _mine(request, store, address_id)
    with merchant_scope(store.merchant_id):
        make_address_default(row.person_id, address_id)
    return redirect(store.url("addresses"))


@require_POST
@shop_page
def address_delete(request: HttpRequest, store: Store, address_id: UUID) -> HttpResponse:
    row = _mine(request, store, address_id)
    with merchant_scope(store.merchant_id):
        delete_address(row.person_id, address_id)
    messages.success(request, _("The address is deleted. Orders that were placed keep theirs."))
    return redirect(store.url("addresses"))


def _mine(request: HttpRequest, store: Store, address_id: UUID) -> KeptAddress:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    with merchant_scope(store.merchant_id):
        row = next((row for row in kept_addresses(buyer) if row.id == address_id), None)
    if row is None:
        raise NotFound()
    return row


def _form(
    request: HttpRequest,
    store: Store,
    typed: AddressTyped,
    *,
    wrong: Mapping[str, str] | None = None,
    row: KeptAddress | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": _("Change the address") if row else _("New address"),
        "private": True,
        "back_url": store.url("addresses"),
        "here": request.path,
        "typed": typed,
        "region": typed.region,
        "wrong": wrong or {},
        "is_default": "default" in request.POST or bool(row and row.is_default),
        "stays_default": bool(row and row.is_default),
        "notice": notice,
    }
    return show(request, store, "address", context, tab="me", status=422 if wrong else status)


def _look(store: Store, row: KeptAddress) -> dict[str, object]:
    return {
        "name": row.recipient,
        "phone": row.phone,
        "text": place_text(row),
        "default": row.is_default,
        "edit_url": store.url("address", address_id=row.id),
        "default_url": store.url("address_default", address_id=row.id),
        "delete_url": store.url("address_delete", address_id=row.id),
    }
