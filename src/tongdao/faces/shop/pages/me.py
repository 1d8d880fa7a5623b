"""The buyer's own corner: orders by state, language, how it looks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.order_cards import count_groups, group_labels
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.accounts import is_guest, number_of
from tongdao.party.people.sms import sms_ready
from tongdao.trade.reviews.queries import count_to_review

ICONS = {"pay": "money", "ship": "box", "receive": "truck", "done": "success"}


@never_cache
@require_safe
@shop_page
def me(request: HttpRequest, store: Store) -> HttpResponse:
    buyer = buyer_of(request)
    counts: dict[str, int] = {}
    to_review = 0
    if buyer is not None:
        with merchant_scope(store.merchant_id):
            counts = count_groups(buyer)
            to_review = count_to_review(buyer)
    signed_in = buyer is not None and not is_guest(buyer)
    number = number_of(buyer) if buyer and signed_in else None
    labels, here = group_labels(), store.url("orders")
    context = {
        "page_title": _("Me"),
        "private": True,
        "shown_name": getattr(request.user, "shown_name", None) or (mask_phone(number) if number else None),
        "signed_in": signed_in,
        "security_url": store.url("security"),
        "sign_in_url": store.url("sign_in_code" if sms_ready() else "sign_in"),
        "orders_url": here,
        "to_review": to_review,
        "reviews_url": store.url("my_reviews"),
        "orders": [
            NavItem(
                f"{here}?state={group}",
                labels[group],
                icon,
                count=counts.get(group) if group != "done" else None,
            )
            for group, icon in ICONS.items()
        ],
        "languages": (("zh-hans", "简体中文"), ("en", "English")),
        "here": request.path,
    }
    return show(request, store, "me", context, tab="me")
