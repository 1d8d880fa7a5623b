"""What the pages of payers and payees share: headers, language, a way back."""

from collections.abc import Callable
from urllib.parse import urlsplit

from tongdao.sandboxes.wechatpay import looks
from tongdao.sandboxes.wechatpay.messages import Answer, Request
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.words import language

Handler = Callable[[Sandbox, Request], Answer]

# no form-action: browsers hold the redirect after the form against it, and shops live anywhere
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def html(status: int, text: str) -> Answer:
    """A page."""
    return Answer(status, text.encode(), dict(_HEADERS))


def lang(request: Request) -> str:
    """The language that the browser asks for."""
    return language(request.headers.get("Accept-Language", ""))


def safe(url: str) -> str:
    """The URL if somebody may be sent there, else nothing."""
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and url.isprintable()
            and " " not in url
        )
    except ValueError:
        good = False
    return url if good and url.isascii() else ""


def refused(request: Request, status: int, key: str, note: str, back: str = "") -> Answer:
    """A page that says one thing."""
    return html(status, looks.message(lang(request), key, note, back))
