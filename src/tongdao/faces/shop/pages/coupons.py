"""A buyer's coupons: what can be used now and until when, what begins soon, what was used, what is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.savings import coupon_rule
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import ShelfCard, cards_of
from tongdao.terms.promotions.queries import HeldCoupon, coupons_for
from tongdao.trade.orders.queries.saving import CouponUse, coupon_uses

NAMED = 3  # products that are named of those a coupon is for


@dataclass(frozen=True, slots=True)
class CouponCard:
    """`goods`: (title, address) of what it is for, at most NAMED; empty: all goods. `more`: others beside."""

    title: str
    rule: str
    note: str
    starts_at: datetime
    ends_at: datetime
    goods: tuple[tuple[str, str], ...]
    more: int
    all_goods: bool


@never_cache
@require_safe
@shop_page
def coupons(request: HttpRequest, store: Store) -> HttpResponse:
    buyer, now = buyer_of(request), clock.now()
    used: tuple[CouponUse, ...] = ()
    with merchant_scope(store.merchant_id):
        held = coupons_for(buyer, now)
        if buyer is not None:
            used = coupon_uses(buyer)
        goods = {card.product_id: card for card in cards_of(list(_products(held)))}
    by_standing: dict[str, list[CouponCard]] = {}
    for one in held:
        place = "over" if one.standing in ("spent", "gone", "ended") else one.standing
        by_standing.setdefault(place, []).append(_card(store, one, goods))
    context = {
        "page_title": _("Coupons"),
        "private": True,
        "back_url": store.url("me"),
        "usable": by_standing.get("usable", ()),
        "soon": by_standing.get("soon", ()),
        "over": by_standing.get("over", ()),
        "used": [(use, store.url("order", order_id=use.order_id)) for use in used],
    }
    return show(request, store, "coupons", context, tab="me")


def _products(held: Iterable[HeldCoupon]) -> set[UUID]:
    return {id for one in held for id in one.promotion.product_ids}


def _card(store: Store, held: HeldCoupon, goods: dict[UUID, ShelfCard]) -> CouponCard:
    row = held.promotion
    named = [goods[id] for id in row.product_ids if id in goods]
    return CouponCard(
        title=row.title,
        rule=coupon_rule(row.off_fen, row.off_bps, row.most_off_fen, row.threshold_fen),
        note=_note(held),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        goods=tuple((card.title, store.url("product", handle=card.handle)) for card in named[:NAMED]),
        more=max(0, len(row.product_ids) - min(len(named), NAMED)),
        all_goods=not row.product_ids,
    )


def _note(held: HeldCoupon) -> str:
    if held.standing == "usable":
        if held.left is None:
            return _("As often as you like")
        return _("%(times)s more times") % {"times": held.left} if held.left > 1 else _("Once more")
    return {"soon": "", "spent": _("You have used it"), "gone": _("All are used"), "ended": _("Ended")}[
        held.standing
    ]
