"""Promotions for tests: running since a minute ago, for a day unless told otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions import operations
from tongdao.terms.promotions.models import Group, Promotion, PromotionMember, PromotionUse


def running(**rules: Any) -> dict[str, Any]:
    now = clock.now()
    return {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(days=1), **rules}


def make_coupon(shop: Shop, off: int = 1_000, **rules: Any) -> Promotion:
    with merchant_scope(shop.merchant_id):
        return operations.create_coupon(
            off_fen=Fen(off), actor=shop.owner, **{"title": "新客券", **running(**rules)}
        )


def make_flash(shop: Shop, price: int, **rules: Any) -> Promotion:
    with merchant_scope(shop.merchant_id):
        return operations.create_flash_sale(
            title="周末秒杀", sku_id=shop.skus[0], price_fen=Fen(price), actor=shop.owner, **running(**rules)
        )


def make_group_buy(shop: Shop, price: int, **rules: Any) -> Promotion:
    """For two, within a day."""
    with merchant_scope(shop.merchant_id):
        return operations.create_group_buy(
            title="两人成团",
            sku_id=shop.skus[0],
            price_fen=Fen(price),
            actor=shop.owner,
            **{"group_size": 2, "group_hours": 24, **running(**rules)},
        )


def the_group(shop: Shop) -> Group:
    with merchant_scope(shop.merchant_id):
        return Group.objects.get()


def sound(shop: Shop, promotion_id: UUID) -> int:
    """How much of a promotion is used, after comparing its counters with the uses that orders hold."""
    with merchant_scope(shop.merchant_id):
        promotion = Promotion.objects.get(pk=promotion_id)
        held = PromotionUse.objects.filter(promotion_id=promotion_id, state="held")
        assert promotion.used == sum(use.units for use in held)
        assert promotion.given_fen == sum(use.off_fen for use in held)
        for member in PromotionMember.objects.filter(promotion_id=promotion_id):
            assert member.used == sum(use.units for use in held if use.member_id == member.member_id)
        return promotion.used
