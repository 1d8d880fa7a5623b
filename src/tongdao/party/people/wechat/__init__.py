"""WeChat as a way in: apps, what WeChat says of who is there, and whose account that is."""

from __future__ import annotations

from .accounts import attach, holder_of, open_by_wechat, openid_of
from .gateway import App, Seen, exchange, fetch_ticket, sign_page
from .places import inside_wechat, is_sandbox, pages_of, scripts_of, sdk_of

__all__ = [
    "App",
    "Seen",
    "attach",
    "exchange",
    "fetch_ticket",
    "holder_of",
    "inside_wechat",
    "is_sandbox",
    "open_by_wechat",
    "openid_of",
    "pages_of",
    "scripts_of",
    "sdk_of",
    "sign_page",
]
