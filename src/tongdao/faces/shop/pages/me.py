"""The buyer's own corner: orders by state, what is kept here, and the ways to all else of the buyer's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_marks import count_open, soon_cases
from tongdao.faces.shop.order_cards import count_groups, group_labels
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.queries import count_favourites
from tongdao.party.people.accounts import is_guest, number_of
from tongdao.party.people.sms import sms_ready
from tongdao.terms.promotions.queries import coupons_for
from tongdao.trade.reviews.queries import count_to_review
from tongdao.trade.talk.queries import unread_of_buyer

ICONS = {"pay": "money", "ship": "box", "receive": "truck", "done": "success"}


@never_cache
@require_safe
@shop_page
def me(request: HttpRequest, store: Store) -> HttpResponse:
    buyer = buyer_of(request)
    with merchant_scope(store.merchant_id):
        counts = count_groups(buyer) if buyer else {}
        kept = _kept(store, buyer)
        unread = sum(unread_of_buyer(buyer).values()) if buyer else 0
        open_cases = count_open(buyer) if buyer else 0
        soon = soon_cases(store, buyer) if buyer else []
    signed_in = buyer is not None and not is_guest(buyer)
    number = number_of(buyer) if buyer and signed_in else None
    context = {
        "page_title": _("Me"),
        "private": True,
        "shown_name": getattr(request.user, "shown_name", None) or _nameless(signed_in, number),
        "signed_in": signed_in,
        "sign_in_url": store.url("sign_in_code" if sms_ready() else "sign_in"),
        "orders_url": store.url("orders"),
        "orders": _orders(store, counts),
        "unread": unread,
        "soon": soon,
        "kept": kept,
        "links": _links(store, signed_in, open_cases),
        "languages": (("zh-hans", "简体中文"), ("en", "English")),
        "here": request.path,
    }
    return show(request, store, "me", context, tab="me")


def _orders(store: Store, counts: dict[str, int]) -> list[NavItem]:
    """What is done needs no number: it would only grow."""
    here, labels = store.url("orders"), group_labels()
    return [
        NavItem(
            f"{here}?state={group}", labels[group], icon, count=None if group == "done" else counts.get(group)
        )
        for group, icon in ICONS.items()
    ]


def _kept(store: Store, buyer: UUID | None) -> list[NavItem]:
    """In the merchant's scope."""
    usable = sum(one.standing == "usable" for one in coupons_for(buyer, clock.now()))
    return [
        NavItem(
            store.url("favourites"),
            _("Favourites"),
            "heart",
            count=count_favourites(buyer) if buyer else None,
        ),
        NavItem(store.url("coupons"), _("Coupons"), "tag", count=usable),
        NavItem(store.url("seen"), _("Recently seen"), "clock"),
        NavItem(
            store.url("my_reviews"), _("My reviews"), "leaf", count=count_to_review(buyer) if buyer else None
        ),
    ]


def _nameless(signed_in: bool, number: str | None) -> str | None:
    """Who came by WeChat has neither name nor number, and is no guest."""
    return mask_phone(number) if number else _("Signed in") if signed_in else None


def _links(store: Store, signed_in: bool, open_cases: int) -> list[NavItem]:
    links = [NavItem(store.url("cases"), _("After-sale"), "return", count=open_cases or None)]
    links += [NavItem(store.url("addresses"), _("Addresses"), "place")]
    if signed_in:
        links += [NavItem(store.url("accounts"), _("Accounts"), "me")]
        links += [NavItem(store.url("security"), _("Sign-in and devices"), "shield")]
        links += [NavItem(store.url("my_data"), _("My data"), "box")]
    links += [NavItem(store.url("notifications"), _("Notifications"), "info")]
    links += [NavItem(store.url("consents"), _("Privacy and consents"), "check")]
    promote = reverse("promoter:join", kwargs={"slug": store.slug})
    return [
        *links,
        NavItem(promote, _("Recommend and earn"), "share"),
        NavItem(store.url("about"), _("Help and about this shop"), "service"),
    ]
