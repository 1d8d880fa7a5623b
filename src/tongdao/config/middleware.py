"""What every request passes: an id (kept on each event that it causes), the security policy, shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tongdao.foundation.events import request_id
from tongdao.foundation.ids import uuid7

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self' {forms} https://wx.tenpay.com; frame-ancestors 'none'"
)


def request_identity(get_response: Handler) -> Handler:
    """Give the request an id; the answer shows it, and support can find the events by it."""

    def handle(request: HttpRequest) -> HttpResponse:
        id = uuid7()
        reset = request_id.set(id)
        try:
            response = get_response(request)
        finally:
            request_id.reset(reset)
        response["X-Request-Id"] = str(id)
        return response

    return handle


def content_security_policy(get_response: Handler) -> Handler:
    """No inline script or style anywhere; forms may lead to the payment page of the gateway."""
    from django.conf import settings

    policy = POLICY.format(forms=settings.ENV.wechatpay_url)

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy)
        return response

    return handle


def shortcuts(get_response: Handler) -> Handler:
    """Answer pages that all visitors share before sessions, sign-in and the table of addresses are asked.

    What stands before it in the list (HTTPS, security headers, static files, the two above) is passed first.
    """
    from tongdao.faces.shop.personal import PERSONAL_COOKIES
    from tongdao.foundation.fragments import Shortcuts

    ways = Shortcuts(PERSONAL_COOKIES)

    def handle(request: HttpRequest) -> HttpResponse:
        response = ways.take(request)
        if response is None:
            response = get_response(request)
            ways.remember(request, response)
        return response

    return handle
