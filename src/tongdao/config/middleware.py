"""What every request passes: an id (kept on each event that it causes), the security policy, shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tongdao.foundation.events import request_id
from tongdao.foundation.ids import uuid7

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'{scripts};"
    " object-src 'none'; base-uri 'none'; form-action 'self' {forms} https://wx.tenpay.com;"
    " frame-ancestors 'none'"
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
    """No inline script or style anywhere; forms may lead to the gateways' pages for paying and signing in.

    Inside WeChat its own script may run, too: what a page shows when it is shared goes through that.
    """
    from django.conf import settings

    from tongdao.party.people.wechat import inside_wechat, pages_of, scripts_of

    wechat = settings.ENV.wechat_url
    forms = f"{settings.ENV.wechatpay_url} {pages_of(wechat)}"
    policy = POLICY.format(forms=forms, scripts="")
    policy_inside = POLICY.format(forms=forms, scripts=f" {scripts_of(wechat)}")

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        inside = inside_wechat(request.META.get("HTTP_USER_AGENT", ""))
        response.setdefault("Content-Security-Policy", policy_inside if inside else policy)
        return response

    return handle


def sent_from_page(get_response: Handler) -> Handler:
    """A script that sends a form and shows how far it is (attach.js) is told where to go on, instead of being
    led there: what is told once would be spent on a page that nobody sees.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "X-Sent-From-Page" in request.headers and 300 <= response.status_code < 400:
            where = response["Location"]
            del response["Location"]
            response.status_code = 200
            response["X-Go-To"] = where
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


def visits(get_response: Handler) -> Handler:
    """Note that a page of a shop was shown; who it was is worked out when they are written down."""
    from tongdao.reach.traffic.visiting import VISITS

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/s/") and _is_page(request, response):
            VISITS.note(request.path.split("/", 3)[2], request.META)
        return response

    return handle


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether somebody looks at it: no part of a page, nothing fetched ahead or in the background."""
    asked = request.META
    if request.method != "GET" or response.status_code not in (200, 304):
        return False
    if "HTTP_HX_REQUEST" in asked or "HTTP_SEC_PURPOSE" in asked or "HTTP_PURPOSE" in asked:
        return False
    if asked.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return False
    return response.status_code == 304 or response.get("Content-Type", "").startswith("text/html")
