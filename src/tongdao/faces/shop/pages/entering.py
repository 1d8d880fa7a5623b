"""Signing in to a store, and one's own ways in: the shop's addresses of party.people.entrance."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.shop.doors import ShopDoor
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.wechat import app_here
from tongdao.party.people import entrance
from tongdao.party.people.sms import sms_ready
from tongdao.party.people.wechat import openid_of


def _page(
    course: Callable[[HttpRequest, ShopDoor], HttpResponse], *, wechat: bool = False
) -> Callable[..., HttpResponse]:
    """One page of the course, at this store; `wechat`: it offers that way, too."""

    @sensitive_post_parameters("password", "old", "new", "code", "phone")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @shop_page
    def handle(request: HttpRequest, store: Store) -> HttpResponse:
        door = ShopDoor(request, store)
        door.offers_wechat = wechat and app_here(request, store) is not None
        return course(request, door)

    return handle


sign_in = _page(entrance.by_password, wechat=True)
sign_in_code = _page(entrance.by_code, wechat=True)
sign_in_whose = _page(entrance.whose)
sign_in_second = _page(entrance.second)
password = _page(entrance.choose_password)
number = _page(entrance.number)
sign_in_passkey = _page(entrance.by_passkey)
passkeys = _page(entrance.passkeys)


@never_cache
@require_safe
@shop_page
def security(request: HttpRequest, store: Store) -> HttpResponse:
    """The ways into one's account, and where one is signed in."""
    door = ShopDoor(request, store)
    person = door.person()
    if person is None:
        return redirect(door.url("code" if sms_ready() else "sign_in", wanted=request.path))
    app = app_here(request, store)
    context = {
        "page_title": _("Sign-in and devices"),
        "private": True,
        "back_url": store.url("me"),
        "security": entrance.security_of(request, person),
        "number_url": door.url("number") if sms_ready() else "",
        "password_url": door.url("password"),
        "passkeys_url": door.url("passkeys"),
        "wechat_url": store.url("sign_in_wechat") if app else "",
        "wechat_known": bool(app and openid_of(person.pk, app.appid)),
        "end_url": store.url("end_device"),
        "out_url": store.url("sign_out"),
    }
    return show(request, store, "security", context, tab="me")


@require_POST
@shop_page
def end_device(request: HttpRequest, store: Store) -> HttpResponse:
    return entrance.end(request, ShopDoor(request, store))


@require_POST
@shop_page
def sign_out(request: HttpRequest, store: Store) -> HttpResponse:
    """The guest that comes next in this browser is a new one."""
    logout(request)
    return redirect(store.url("home"))
