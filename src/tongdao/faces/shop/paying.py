"""From an order to the payment: inside WeChat by WeChat itself, H5 on a phone, a code to scan on a desk."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongdao.faces.shop.store import Store
from tongdao.faces.shop.wechat import is_inside, paying_app, place_of
from tongdao.foundation.refusals import Refusal
from tongdao.party.people.entrance.by_wechat import payer_of, set_out
from tongdao.trade.payments.operations import start_payment

PHONE = re.compile(r"Mobile|Android|iPhone|iPad|HarmonyOS", re.IGNORECASE)


def kind_of_payment(request: HttpRequest) -> Literal["h5", "native"]:
    """By what the browser says it is; `pay_with` in the form asks for the page or the code itself."""
    if request.POST.get("pay_with") == "native":
        return "native"
    wants_page = request.POST.get("pay_with") == "h5" or PHONE.search(request.headers.get("User-Agent", ""))
    return "h5" if wants_page else "native"


def pay(
    request: HttpRequest, store: Store, purchase_id: UUID, order_id: UUID, *, person_id: UUID
) -> HttpResponse:
    """Open the payment and go there. What hinders it is said on the order's page; the order stands."""
    product: Literal["h5", "native", "jsapi"] = kind_of_payment(request)
    payer = ""
    app = paying_app(store) if is_inside(request) and "pay_with" not in request.POST else None
    if app is not None:
        product, payer = "jsapi", payer_of(request, app.appid)
        if not payer:  # silently: WeChat tells it without a word to anybody
            return set_out(request, place_of(request, store, app), "snsapi_base", f"pay {order_id}", "")
    try:
        started = start_payment(
            store.merchant_id,
            purchase_id,
            product,
            person_id=person_id,
            payer=payer,
            client_ip=_address(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(store.url("order", order_id=order_id))
    if product == "jsapi":
        return redirect(store.url("wechat_pay", order_id=order_id))
    if product == "native":
        return redirect(store.url("scan", order_id=order_id))
    back = request.build_absolute_uri(store.url("order", order_id=order_id)) + "?paid=1"
    return redirect(f"{started.answer['h5_url']}&redirect_url={quote(back, safe='')}")


def _address(request: HttpRequest) -> str:
    """The payer's address as the connection has it; headers that anybody can write are not read."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "127.0.0.1"
