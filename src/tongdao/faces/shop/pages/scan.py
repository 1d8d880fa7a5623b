"""Paying at a desk: a code for WeChat's scanner, and a page that notices when it has been paid."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.order_view import SOON, read_story
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.payments.models import PaymentAttempt


@never_cache
@require_safe
@shop_page
def scan(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """The open Native payment of the order; without one, and once it is paid, the order's page."""
    story = read_story(request, store, order_id)
    with merchant_scope(store.merchant_id):
        attempt = PaymentAttempt.objects.filter(
            purchase_id=story.purchase_id, product="native", state="open"
        ).first()
    there = store.url("order", order_id=order_id)
    if attempt is None or not story.can_pay:
        return _elsewhere(request, there)
    context = {
        "page_title": _("Pay with WeChat"),
        "private": True,
        "back_url": there,
        "code": attempt.answer.get("code_url", ""),
        "story": story,
        "expires_at": attempt.expires_at,
        "order_url": there,
        "scan_url": store.url("scan", order_id=order_id),
        "pay_url": store.url("pay", order_id=order_id),
        "every": SOON,
        "sandbox": settings.ENV.sandboxes,
    }
    return show(request, store, "scan", context, tab="me")


def _elsewhere(request: HttpRequest, url: str) -> HttpResponse:
    """htmx follows a header, browsers a redirect."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
