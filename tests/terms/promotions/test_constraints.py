"""The second lock: what the application's role cannot write even past every operation."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection

from tests.tenancy.planting import make
from tests.terms.promotions.support import a_claim, a_coupon, a_flash, a_gift, a_group_buy, a_store, buy
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.models import Group, PromotionMember, PromotionUse

COUPON = {
    "used = -1", "quota = 0, used = 1", "kind = 'lottery'", "off_fen = null", "off_fen = 0", "off_bps = 500",
    "off_fen = null, off_bps = 0", "off_fen = null, off_bps = 10001", "most_off_fen = 5",
    "threshold_fen = -1",
    "off_fen = null, off_bps = 5, most_off_fen = 0", "per_member = 0", "ends_at = starts_at", "price_fen = 5",
    "gift_units = 1", "group_size = 2", "group_hours = 2", "given_fen = -1",
}  # fmt: skip
FLASH = {
    "price_fen = null", "price_fen = 0", "sku_id = null", "off_fen = 5", "off_bps = 5", "most_off_fen = 5",
    "gift_units = 1", "group_size = 2", "group_hours = 1", "code = 'TEA'", "stacks = true",
    "on_reduced = true", "threshold_fen = 1", "product_ids = '[\"x\"]'",
}  # fmt: skip
GROUP_BUY = {
    "group_size = null", "group_size = 1", "group_hours = null", "group_hours = 0", "price_fen = null",
    "sku_id = null", "code = 'TEA'", "off_fen = 1",
}  # fmt: skip
GIFT = {
    "gift_units = null", "gift_units = 0", "sku_id = null", "price_fen = 5", "off_fen = 1", "stacks = true",
    "code = 'TEA'", "group_size = 2",
}  # fmt: skip
CASES = [
    pytest.param(maker, wrong, id=f"{maker.__name__}: {wrong}")
    for maker, wrongs in ((a_coupon, COUPON), (a_flash, FLASH), (a_group_buy, GROUP_BUY), (a_gift, GIFT))
    for wrong in sorted(wrongs)
]


@pytest.mark.parametrize(("maker", "wrong"), CASES)
def test_no_promotion_is_of_a_wrong_shape(maker: Any, wrong: str) -> None:
    store = a_store()
    promotion = maker(store)
    with (
        pytest.raises(IntegrityError, match="promotion_"),
        merchant_scope(store.merchant_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"update promotion set {wrong} where id = %s", [promotion.id])


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ("promotion_member", "used = -1"),
        ("promotion_member", "used = 2, most = 1"),
        ("buying_group", "paid = 1, taken = 0"),
        ("buying_group", "taken = 3"),
        ("buying_group", "paid = -1"),
        ("promotion_use", "units = 0"),
        ("promotion_use", "off_fen = -1"),
    ],
)
def test_counters_stay_within_their_bounds(table: str, wrong: str) -> None:
    models: dict[str, Any] = {model._meta.db_table: model for model in (PromotionMember, Group, PromotionUse)}
    merchant = uuid7()
    with merchant_scope(merchant):
        row = make(models[table])
    with pytest.raises(IntegrityError), merchant_scope(merchant), connection.cursor() as cursor:
        cursor.execute(f"update {table} set {wrong} where id = %s", [row.id])


@pytest.mark.parametrize(
    "step", ["update promotion_use set state = 'held'", "update promotion_use set state = 'lost'"]
)
def test_a_use_given_back_is_not_held_again(step: str) -> None:
    store = a_store()
    order = buy(store, a_claim(a_coupon(store)))
    with merchant_scope(store.merchant_id), connection.cursor() as cursor:
        cursor.execute("update promotion_use set state = 'returned' where order_id = %s", [order.order_id])
    with pytest.raises(DatabaseError), merchant_scope(store.merchant_id), connection.cursor() as cursor:
        cursor.execute(step)


def test_an_order_holds_a_promotion_once() -> None:
    store = a_store()
    coupon = a_coupon(store)
    order = buy(store, a_claim(coupon))
    with pytest.raises(IntegrityError, match="promotion_use_once"), merchant_scope(store.merchant_id):
        PromotionUse.objects.create(
            promotion=coupon, order_id=order.order_id, member_id=order.member_id, units=1, off_fen=Fen(0)
        )


def test_a_member_sits_in_a_group_once() -> None:
    store = a_store()
    offer = a_group_buy(store, size=3)
    first = buy(store, a_claim(offer, opens_group=True))
    with pytest.raises(IntegrityError, match="promotion_use_seat"), merchant_scope(store.merchant_id):
        PromotionUse.objects.create(
            promotion=offer,
            order_id=uuid7(),
            member_id=first.member_id,
            units=1,
            off_fen=Fen(0),
            group_id=first.group,
        )


def test_a_use_of_anothers_promotion_is_refused() -> None:
    coupon = a_coupon(a_store())
    with pytest.raises(IntegrityError, match="promotion_id_own"), merchant_scope(a_store().merchant_id):
        PromotionUse.objects.create(
            promotion_id=coupon.id, order_id=uuid7(), member_id=uuid7(), units=1, off_fen=Fen(0)
        )
