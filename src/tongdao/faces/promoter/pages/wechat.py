"""Coming in by the WeChat of the shop that one promotes: there, and back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongdao.faces.promoter.place import find_place
from tongdao.faces.promoter.sessions import INSIDE, door_of
from tongdao.foundation.hosts import site_of
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import sign_in_app
from tongdao.party.people.entrance import safe_next
from tongdao.party.people.entrance.by_wechat import Place, by_wechat, come_back, enter, refused_step
from tongdao.party.people.wechat import App


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_wechat(request: HttpRequest, slug: str) -> HttpResponse:
    return by_wechat(request, door_of(request), _place(request, slug))


@never_cache
@require_GET
def wechat_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Where WeChat sends the browser."""
    door, place = door_of(request), _place(request, slug)
    try:
        way, seen = come_back(request, place.app)
        door.wanted = safe_next(request, way.wanted, INSIDE)
        return enter(request, door, place, way, seen)
    except Refusal as refusal:
        return door.show(refused_step(door, refusal), refusal.status)


def way_in(request: HttpRequest, wanted: str) -> str:
    """The address of the button, if the page that is wanted is a shop's that is connected; else nothing."""
    try:
        slug = resolve(wanted.partition("?")[0]).kwargs.get("slug") if wanted else None
        app = _app(request, slug) if slug else None
    except (Resolver404, Http404):
        return ""
    if slug is None or app is None:
        return ""
    return f"{find_place(slug).url('sign_in_wechat')}?{urlencode({'next': wanted})}"


def _app(request: HttpRequest, slug: str) -> App | None:
    """Raises Http404 for a shop that is not there."""
    with merchant_scope(find_place(slug).merchant_id):
        return sign_in_app(request.headers.get("User-Agent", ""))


def _place(request: HttpRequest, slug: str) -> Place:
    """Raises Http404 where the shop is not connected."""
    app, shop = _app(request, slug), find_place(slug)
    if app is None:
        raise Http404(slug)
    return Place(app, shop.url("sign_in_wechat"), f"{site_of(request)}{shop.url('wechat_back')}")
