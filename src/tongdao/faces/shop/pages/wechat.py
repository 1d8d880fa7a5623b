"""WeChat at a store: signing in there and coming back, paying inside it, and how a page looks when shared."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.doors import ShopDoor
from tongdao.faces.shop.order_view import read_story
from tongdao.faces.shop.own_page import from_own_page
from tongdao.faces.shop.paying import pay
from tongdao.faces.shop.sharing import link_to
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.faces.shop.wechat import paying_app, place_here
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account, share_ticket
from tongdao.party.people.entrance.by_wechat import by_wechat, come_back, enter, note_payer, refused_step
from tongdao.party.people.entrance.door import safe_next
from tongdao.party.people.wechat import is_sandbox, sdk_of, sign_page
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import jsapi_parameters

PAY = "pay "  # an errand: the order's id follows


@never_cache
@require_http_methods(["GET", "POST"])
@shop_page
def sign_in_wechat(request: HttpRequest, store: Store) -> HttpResponse:
    return by_wechat(request, ShopDoor(request, store), place_here(request, store))


@never_cache
@require_GET
@shop_page
def wechat_back(request: HttpRequest, store: Store) -> HttpResponse:
    """Where WeChat sends the browser: let in, add the way in, or go on paying."""
    door, place = ShopDoor(request, store), place_here(request, store)
    try:
        way, seen = come_back(request, place.app)
        door.wanted = safe_next(request, way.wanted, store.url("home"))
        if way.errand.startswith(PAY):
            note_payer(request, seen)
            return _go_on_paying(request, store, UUID(way.errand.removeprefix(PAY)))
        return enter(request, door, place, way, seen)
    except Refusal as refusal:
        return door.show(refused_step(door, refusal), refusal.status)


@never_cache
@require_safe
@shop_page
def wechat_pay(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """The open payment of the order, for the script to hand to WeChat; without one the order's page."""
    story, app = read_story(request, store, order_id), paying_app(store)
    with merchant_scope(store.merchant_id):
        attempt = PaymentAttempt.objects.filter(
            purchase_id=story.purchase_id, product="jsapi", state="open"
        ).first()
        gateway = current_account().gateway_url if attempt else ""
    there = store.url("order", order_id=order_id)
    if attempt is None or app is None or not story.can_pay:
        return redirect(there)
    given = jsapi_parameters(store.merchant_id, attempt.id)
    tried = settings.ENV.sandboxes and is_sandbox(app.gateway)
    context = {
        "page_title": _("Pay with WeChat"),
        "private": True,
        "back_url": there,
        "story": story,
        "given": json.dumps(dict(given)),
        "done_url": f"{there}?paid=1",
        "order_url": there,
        "pay_url": store.url("pay", order_id=order_id),
        "bridge": f"{app.gateway}/sandbox/bridge.js" if tried else "",
        "bridge_pay": f"{gateway}/pay/jsapi",
        "bridge_back": request.build_absolute_uri(f"{there}?paid=1"),
    }
    return show(request, store, "wechat_pay", context, tab="me")


@from_own_page
@never_cache
@require_POST
@shop_page
def wechat_share(request: HttpRequest, store: Store) -> HttpResponse:
    """What the JS-SDK needs to know on the page at `url`, and the address under which it is shared."""
    url = text(request.POST, "url", 2_000)
    parts = urlsplit(url)
    if parts.netloc != request.get_host() or not parts.path.startswith(store.url("home")):
        raise NotFound()
    try:
        found = share_ticket(store.merchant_id)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.status)
    if found is None:
        raise NotFound()
    app, ticket = found
    link = link_to(store, parts.path, buyer_of(request))
    told = {"config": sign_page(app, ticket, url), "sdk": sdk_of(app.gateway), "link": link}
    return JsonResponse(told)


def _go_on_paying(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    story = read_story(request, store, order_id)
    return pay(request, store, story.purchase_id, order_id, person_id=buyer)
