"""The console's addresses: entering without a merchant, everything else below the merchant's own path."""

from __future__ import annotations

from django.urls import path

from tongdao.faces.console.guard import handler
from tongdao.faces.console.pages.entering import sign_in, sign_out, start
from tongdao.faces.console.pages.opening import open_shop
from tongdao.faces.console.pages.password import password
from tongdao.faces.console.table import PAGES

app_name = "console"
BY_NAME = {page.name: page for page in PAGES}
urlpatterns = [
    path("", start, name="start"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("open", open_shop, name="open"),
    path("password", password, name="password"),
    *(path(f"m/<uuid:merchant_id>/{page.path}", handler(page, BY_NAME), name=page.name) for page in PAGES),
]
