"""The console's addresses: entering without a merchant, everything else below the merchant's own path."""

from __future__ import annotations

from django.urls import path

from tongdao.faces.console.guard import handler
from tongdao.faces.console.pages.entering import (
    authenticator,
    end_device,
    number,
    passkeys,
    password,
    security,
    sign_in,
    sign_in_code,
    sign_in_passkey,
    sign_in_second,
    sign_in_whose,
    sign_out,
    start,
)
from tongdao.faces.console.pages.joining import join
from tongdao.faces.console.pages.opening import open_shop
from tongdao.faces.console.table import PAGES

app_name = "console"
BY_NAME = {page.name: page for page in PAGES}
urlpatterns = [
    path("", start, name="start"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/code", sign_in_code, name="sign_in_code"),
    path("sign-in/whose", sign_in_whose, name="sign_in_whose"),
    path("sign-in/second", sign_in_second, name="sign_in_second"),
    path("sign-in/passkey", sign_in_passkey, name="sign_in_passkey"),
    path("sign-out", sign_out, name="sign_out"),
    path("open", open_shop, name="open"),
    path("join/<slug:token>", join, name="join"),
    path("password", password, name="password"),
    path("number", number, name="number"),
    path("authenticator", authenticator, name="authenticator"),
    path("passkeys", passkeys, name="passkeys"),
    path("security", security, name="security"),
    path("end-device", end_device, name="end_device"),
    *(path(f"m/<uuid:merchant_id>/{page.path}", handler(page, BY_NAME), name=page.name) for page in PAGES),
]
