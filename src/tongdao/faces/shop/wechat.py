"""The store's apps at WeChat, as this browser can use them."""

from __future__ import annotations

from django.http import HttpRequest

from tongdao.faces.shop.store import Store
from tongdao.foundation.hosts import site_of
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatKind
from tongdao.party.merchants.operations import current_account, sign_in_app, wechat_app
from tongdao.party.merchants.refusals import NoPaymentAccount
from tongdao.party.people.entrance.by_wechat import Place
from tongdao.party.people.wechat import App, inside_wechat


def is_inside(request: HttpRequest) -> bool:
    """Whether the page is shown by WeChat's own browser."""
    return inside_wechat(request.headers.get("User-Agent", ""))


def app_here(request: HttpRequest, store: Store) -> App | None:
    """By which one signs in here: the official account inside WeChat, a code to scan elsewhere."""
    with merchant_scope(store.merchant_id):
        return sign_in_app(request.headers.get("User-Agent", ""))


def paying_app(store: Store) -> App | None:
    """The official account in which payments are made: the one that the payment account names."""
    with merchant_scope(store.merchant_id):
        app = wechat_app(WechatKind.OFFICIAL)
        try:
            return app if app and app.appid == current_account().appid else None
        except NoPaymentAccount:
            return None


def place_here(request: HttpRequest, store: Store) -> Place:
    """Raises NotFound where the store is not connected."""
    app = app_here(request, store)
    if app is None:
        raise NotFound()
    return place_of(request, store, app)


def place_of(request: HttpRequest, store: Store, app: App) -> Place:
    return Place(app, store.url("sign_in_wechat"), f"{site_of(request)}{store.url('wechat_back')}")
