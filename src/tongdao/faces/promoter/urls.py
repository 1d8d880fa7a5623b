"""The promoter's addresses. `slug` names the store that is recommended."""

from __future__ import annotations

from django.urls import path

from tongdao.faces.promoter.pages import entering
from tongdao.faces.promoter.pages.agreement import agreement
from tongdao.faces.promoter.pages.guide import guide
from tongdao.faces.promoter.pages.income import income, income_line
from tongdao.faces.promoter.pages.installed import manifest, offline, worker
from tongdao.faces.promoter.pages.joining import join
from tongdao.faces.promoter.pages.leaving import leave
from tongdao.faces.promoter.pages.links import link, links
from tongdao.faces.promoter.pages.me import me
from tongdao.faces.promoter.pages.orders import order, orders
from tongdao.faces.promoter.pages.payee import payee
from tongdao.faces.promoter.pages.payouts import payout, payout_parts, payouts, take
from tongdao.faces.promoter.pages.share import share
from tongdao.faces.promoter.pages.talk import talk, talk_news
from tongdao.faces.promoter.pages.today import today
from tongdao.faces.promoter.pages.wechat import sign_in_wechat, wechat_back

app_name = "promoter"
urlpatterns = [
    path("", entering.start, name="start"),
    path("sign-in", entering.sign_in, name="sign_in"),
    path("sign-in/code", entering.code, name="code"),
    path("sign-in/whose", entering.whose, name="whose"),
    path("sign-in/second", entering.second, name="second"),
    path("sign-out", entering.sign_out, name="sign_out"),
    path("security", entering.security, name="security"),
    path("security/password", entering.password, name="password"),
    path("security/number", entering.number, name="number"),
    path("sign-in/passkey", entering.passkey, name="passkey"),
    path("security/passkeys", entering.passkeys, name="passkeys"),
    path("security/authenticator", entering.authenticator, name="authenticator"),
    path("app.webmanifest", manifest, name="manifest"),
    path("worker.js", worker, name="worker"),
    path("offline", offline, name="offline"),
    path("<slug:slug>/sign-in/wechat", sign_in_wechat, name="sign_in_wechat"),
    path("<slug:slug>/sign-in/wechat/back", wechat_back, name="wechat_back"),
    path("<slug:slug>/join", join, name="join"),
    path("<slug:slug>/agreement", agreement, name="agreement"),
    path("<slug:slug>/guide", guide, name="guide"),
    path("<slug:slug>/", today, name="today"),
    path("<slug:slug>/share", share, name="share"),
    path("<slug:slug>/links", links, name="links"),
    path("<slug:slug>/links/<uuid:link_id>", link, name="link"),
    path("<slug:slug>/orders", orders, name="orders"),
    path("<slug:slug>/orders/<uuid:order_id>", order, name="order"),
    path("<slug:slug>/orders/<uuid:order_id>/talk", talk, name="talk"),
    path("<slug:slug>/orders/<uuid:order_id>/talk/news", talk_news, name="talk_news"),
    path("<slug:slug>/income", income, name="income"),
    path("<slug:slug>/income/<uuid:line_id>", income_line, name="income_line"),
    path("<slug:slug>/payee", payee, name="payee"),
    path("<slug:slug>/payouts", payouts, name="payouts"),
    path("<slug:slug>/payouts/<uuid:payout_id>", payout, name="payout"),
    path("<slug:slug>/payouts/<uuid:payout_id>/parts", payout_parts, name="payout_parts"),
    path("<slug:slug>/payouts/<uuid:payout_id>/take/<uuid:transfer_id>", take, name="take"),
    path("<slug:slug>/me", me, name="me"),
    path("<slug:slug>/leave", leave, name="leave"),
]
