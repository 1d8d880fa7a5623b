"""The buyer's orders at this store, by what is to be done about them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_marks import CaseMark, soon_cases
from tongdao.faces.shop.order_cards import GROUPS, PAGE, OrderLook, count_groups, group_labels, order_cards
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import page_number
from tongdao.foundation.tenancy import merchant_scope


@never_cache
@require_safe
@shop_page
def orders(request: HttpRequest, store: Store) -> HttpResponse:
    """`?state=` is one of GROUPS; anything else shows all."""
    asked = request.GET.get("state", "")
    group = asked if asked in GROUPS else ""
    number = page_number(request.GET)
    cards: list[OrderLook] = []
    counts: dict[str, int] = {}
    soon: list[CaseMark] = []
    buyer = buyer_of(request)
    if buyer is not None:
        with merchant_scope(store.merchant_id):
            cards = order_cards(buyer, group=group, offset=(number - 1) * PAGE)
            counts = count_groups(buyer)
            soon = soon_cases(store, buyer)
    state = f"state={group}&" if group else ""
    context = {
        "page_title": _("Orders"),
        "private": True,
        "back_url": store.url("me"),
        "tabs": _tabs(store, group, counts),
        "cards": cards[:PAGE],
        "soon": soon,
        "previous_url": f"?{state}page={number - 1}" if number > 1 else "",
        "next_url": f"?{state}page={number + 1}" if len(cards) > PAGE else "",
    }
    return show(request, store, "orders", context, tab="me")


def _tabs(store: Store, current: str, counts: dict[str, int]) -> list[NavItem]:
    here = store.url("orders")
    tabs = [NavItem(here, _("All"), current=not current, count=sum(counts.values()) or None)]
    return tabs + [
        NavItem(f"{here}?state={group}", label, current=group == current, count=counts.get(group) or None)
        for group, label in group_labels().items()
    ]
