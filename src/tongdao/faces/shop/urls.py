"""The shop's addresses. `slug` names the store; see store.Store.url for how pages link to each other."""

from __future__ import annotations

from django.urls import path

from tongdao.faces.shop.case_acts import ACTS
from tongdao.faces.shop.media import media
from tongdao.faces.shop.pages.about import about, agreement, text_page, theme
from tongdao.faces.shop.pages.accounts import (
    account_merge,
    account_part,
    account_proof,
    account_proof_code,
    account_proof_second,
    account_proof_whose,
    accounts,
)
from tongdao.faces.shop.pages.addresses import (
    address,
    address_default,
    address_delete,
    address_new,
    addresses,
)
from tongdao.faces.shop.pages.after_sale import after_sale
from tongdao.faces.shop.pages.cart import cart, cart_line
from tongdao.faces.shop.pages.cases import case, case_act, case_file, cases, dispute_file
from tongdao.faces.shop.pages.categories import categories
from tongdao.faces.shop.pages.checkout import checkout
from tongdao.faces.shop.pages.choose import choose
from tongdao.faces.shop.pages.consents import consents
from tongdao.faces.shop.pages.coupons import coupons
from tongdao.faces.shop.pages.entering import (
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
)
from tongdao.faces.shop.pages.favourites import favourites
from tongdao.faces.shop.pages.flash import flash, flash_pulse
from tongdao.faces.shop.pages.group import group
from tongdao.faces.shop.pages.home import home
from tongdao.faces.shop.pages.installed import manifest
from tongdao.faces.shop.pages.landing import landing
from tongdao.faces.shop.pages.link import link
from tongdao.faces.shop.pages.me import me
from tongdao.faces.shop.pages.my_data import keep_me, my_copy, my_copy_file, my_data, my_erasure
from tongdao.faces.shop.pages.my_reviews import my_reviews
from tongdao.faces.shop.pages.notifications import notifications
from tongdao.faces.shop.pages.offers import offers
from tongdao.faces.shop.pages.order import order, story
from tongdao.faces.shop.pages.order_actions import cancel, close, confirm, pay
from tongdao.faces.shop.pages.orders import orders
from tongdao.faces.shop.pages.product import product
from tongdao.faces.shop.pages.review import follow_up, review
from tongdao.faces.shop.pages.reviews import reviews
from tongdao.faces.shop.pages.scan import scan
from tongdao.faces.shop.pages.search import search, suggest
from tongdao.faces.shop.pages.seen import seen, seen_cards
from tongdao.faces.shop.pages.take import take
from tongdao.faces.shop.pages.talk import talk, talk_file, talk_news
from tongdao.faces.shop.pages.wechat import sign_in_wechat, wechat_back, wechat_pay, wechat_share

app_name = "shop"
CASE = "s/<slug:slug>/cases/<uuid:case_id>"
ADDRESS = "s/<slug:slug>/me/addresses/<uuid:address_id>"
FLASH = "s/<slug:slug>/flash/<uuid:promotion_id>"
ORDER = "s/<slug:slug>/orders/<uuid:order_id>"
urlpatterns = [
    path("", landing, name="landing"),
    path("media/<path:path>", media, name="media"),
    path("l/<slug:token>", link, name="link"),
    path("s/<slug:slug>/", home, name="home"),
    path("s/<slug:slug>/categories", categories, name="categories"),
    path("s/<slug:slug>/search", search, name="search"),
    path("s/<slug:slug>/search/suggest", suggest, name="suggest"),
    path("s/<slug:slug>/p/<str:handle>", product, name="product"),
    path("s/<slug:slug>/p/<str:handle>/choose", choose, name="choose"),
    path("s/<slug:slug>/p/<str:handle>/reviews", reviews, name="reviews"),
    path("s/<slug:slug>/about", about, name="about"),
    path("s/<slug:slug>/pages/<slug:text>", text_page, name="text"),
    path("s/<slug:slug>/agreements/<uuid:agreement_id>", agreement, name="agreement"),
    path("theme/<slug:colour>.css", theme, name="theme"),
    path("s/<slug:slug>/offers", offers, name="offers"),
    path(FLASH, flash, name="flash"),
    path(f"{FLASH}/pulse", flash_pulse, name="flash_pulse"),
    path("s/<slug:slug>/groups/<uuid:group_id>", group, name="group"),
    path("s/<slug:slug>/take", take, name="take"),
    path("s/<slug:slug>/cart", cart, name="cart"),
    path("s/<slug:slug>/cart/line", cart_line, name="cart_line"),
    path("s/<slug:slug>/checkout", checkout, name="checkout"),
    path("s/<slug:slug>/me", me, name="me"),
    path("s/<slug:slug>/me/security", security, name="security"),
    path("s/<slug:slug>/me/password", password, name="password"),
    path("s/<slug:slug>/me/number", number, name="number"),
    path("s/<slug:slug>/me/end-device", end_device, name="end_device"),
    path("s/<slug:slug>/favourites", favourites, name="favourites"),
    path("s/<slug:slug>/coupons", coupons, name="coupons"),
    path("s/<slug:slug>/seen", seen, name="seen"),
    path("s/<slug:slug>/seen/cards", seen_cards, name="seen_cards"),
    path("s/<slug:slug>/me/addresses", addresses, name="addresses"),
    path("s/<slug:slug>/me/addresses/new", address_new, name="address_new"),
    path(ADDRESS, address, name="address"),
    path(f"{ADDRESS}/default", address_default, name="address_default"),
    path(f"{ADDRESS}/delete", address_delete, name="address_delete"),
    path("s/<slug:slug>/me/accounts", accounts, name="accounts"),
    path("s/<slug:slug>/me/accounts/add", account_proof, name="account_proof"),
    path("s/<slug:slug>/me/accounts/add/code", account_proof_code, name="account_proof_code"),
    path("s/<slug:slug>/me/accounts/add/whose", account_proof_whose, name="account_proof_whose"),
    path("s/<slug:slug>/me/accounts/add/second", account_proof_second, name="account_proof_second"),
    path("s/<slug:slug>/me/accounts/<uuid:merge_id>", account_merge, name="account_merge"),
    path("s/<slug:slug>/me/accounts/<uuid:merge_id>/undo", account_part, name="account_part"),
    path("s/<slug:slug>/me/consents", consents, name="consents"),
    path("s/<slug:slug>/me/notifications", notifications, name="notifications"),
    path("s/<slug:slug>/app.webmanifest", manifest, name="manifest"),
    path("s/<slug:slug>/me/data", my_data, name="my_data"),
    path("s/<slug:slug>/me/data/copy", my_copy, name="my_copy"),
    path("s/<slug:slug>/me/data/copy.zip", my_copy_file, name="my_copy_file"),
    path("s/<slug:slug>/me/data/erase", my_erasure, name="my_erasure"),
    path("s/<slug:slug>/me/data/keep", keep_me, name="keep_me"),
    path("s/<slug:slug>/sign-in", sign_in, name="sign_in"),
    path("s/<slug:slug>/sign-in/code", sign_in_code, name="sign_in_code"),
    path("s/<slug:slug>/sign-in/passkey", sign_in_passkey, name="sign_in_passkey"),
    path("s/<slug:slug>/me/passkeys", passkeys, name="passkeys"),
    path("s/<slug:slug>/sign-in/whose", sign_in_whose, name="sign_in_whose"),
    path("s/<slug:slug>/sign-in/second", sign_in_second, name="sign_in_second"),
    path("s/<slug:slug>/sign-in/wechat", sign_in_wechat, name="sign_in_wechat"),
    path("s/<slug:slug>/sign-in/wechat/back", wechat_back, name="wechat_back"),
    path("s/<slug:slug>/wechat/share", wechat_share, name="wechat_share"),
    path("s/<slug:slug>/sign-out", sign_out, name="sign_out"),
    path("s/<slug:slug>/reviews", my_reviews, name="my_reviews"),
    path("s/<slug:slug>/lines/<uuid:line_id>/review", review, name="review"),
    path("s/<slug:slug>/reviews/<uuid:review_id>/follow-up", follow_up, name="follow_up"),
    path("s/<slug:slug>/lines/<uuid:line_id>/after-sale", after_sale, name="after_sale"),
    path("s/<slug:slug>/cases", cases, name="cases"),
    path(CASE, case, name="case"),
    path(f"{CASE}/files/<uuid:file_id>", case_file, name="case_file"),
    path(f"{CASE}/statements/<uuid:file_id>", dispute_file, name="dispute_file"),
    *(path(f"{CASE}/{act.path}", case_act(act.name), name=f"case_{act.name}") for act in ACTS.values()),
    path("s/<slug:slug>/orders/", orders, name="orders"),
    path(ORDER, order, name="order"),
    path(f"{ORDER}/story", story, name="story"),
    path(f"{ORDER}/talk", talk, name="talk"),
    path(f"{ORDER}/talk/news", talk_news, name="talk_news"),
    path(f"{ORDER}/talk/files/<uuid:file_id>", talk_file, name="talk_file"),
    path(f"{ORDER}/pay", pay, name="pay"),
    path(f"{ORDER}/wechat", wechat_pay, name="wechat_pay"),
    path(f"{ORDER}/scan", scan, name="scan"),
    path(f"{ORDER}/close", close, name="close"),
    path(f"{ORDER}/cancel", cancel, name="cancel"),
    path(f"{ORDER}/confirm", confirm, name="confirm"),
]
