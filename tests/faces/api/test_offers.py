"""Offers over the API: as visitors see them, as a quote has them, and as an order keeps them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.faces.api.calling import Caller, World, a_guest, a_key
from tests.faces.shop.crowding import a_full_line
from tongdao.foundation import clock

NOBODY = Caller()
HOUR = timedelta(hours=1)


def create(world: World, kind: str, **rules: Any) -> Any:
    now = clock.now()
    times = {"title": "清明", "starts_at": now.isoformat(), "ends_at": (now + HOUR).isoformat()}
    return world.owner.post(f"{world.desk}/{kind}", times | rules, 201)


def test_a_store_tells_its_offers(world: World) -> None:
    first, second = map(str, world.shop.skus)
    create(world, "flash-sales", sku_id=first, price_fen=9_800, quota=3, per_member=2)
    create(world, "group-buys", sku_id=first, price_fen=8_800, group_size=2, group_hours=24)
    create(world, "coupons", off_fen=500, threshold_fen=5_000)
    create(world, "coupons", off_fen=900, code="SECRET")
    create(world, "gifts", sku_id=second, gift_units=1)
    told = NOBODY.get(f"{world.store}/offers")
    [flash], [group], [coupon], [gift] = (
        told[kind] for kind in ("flash_sales", "group_buys", "coupons", "gifts")
    )
    assert (flash["price_fen"], flash["base_fen"], flash["left_hint"]) == (9_800, 12_800, "few")
    assert (group["group_size"], group["left_hint"], coupon["off_fen"], gift["sku_id"]) == (
        *(2, "available", 500),
        second,
    )
    assert "SECRET" not in repr(told)


def test_a_product_tells_what_is_offered_of_it_and_changes_at_once(world: World) -> None:
    path = f"{world.store}/products/tea-1"
    assert NOBODY.get(path)["offers"]["flash_sales"] == []
    made = create(world, "flash-sales", sku_id=str(world.shop.skus[0]), price_fen=9_800)
    assert [one["price_fen"] for one in NOBODY.get(path)["offers"]["flash_sales"]] == [9_800]
    assert NOBODY.get(f"{world.store}/products/tea-2")["offers"]["flash_sales"] == []
    world.owner.post(f"{world.desk}/promotions/{made['promotion_id']}/stop")
    assert NOBODY.get(path)["offers"]["flash_sales"] == []
    own = world.owner.get(f"{world.desk}/products/{NOBODY.get(path)['product_id']}")
    assert own["offers"] is None


def test_an_order_keeps_what_was_taken_off(world: World) -> None:
    made = create(world, "flash-sales", sku_id=str(world.shop.skus[0]), price_fen=9_800)
    bought = world.buy(2)
    assert bought["total_fen"] == 19_600
    order = world.buyer.get(f"/orders/{bought['order_ids'][0]}")
    [line] = order["lines"]
    cut = {"promotion_id": made["promotion_id"], "kind": "flash", "off_fen": 6_000}
    assert (line["cuts"], line["gift"], line["paid_fen"]) == ([cut], False, 19_600)
    assert order["group_id"] is None


def test_a_group_is_opened_read_and_joined(world: World) -> None:
    create(world, "group-buys", sku_id=str(world.shop.skus[0]), price_fen=8_800, group_size=2, group_hours=24)
    bought = world.buy(open_group=True)
    group_id = world.buyer.get(f"/orders/{bought['order_ids'][0]}")["group_id"]
    group = NOBODY.get(f"{world.store}/groups/{group_id}")
    assert (group["size"], group["taken"], group["paid"], group["joinable"]) == (2, 1, 0, True)
    assert (group["state"], group["price_fen"], group["currency"]) == ("open", 8_800, "CNY")
    assert str(world.buyer.person_id) not in repr(group)
    joined = a_guest().post(
        f"{world.store}/purchases", world.wish(group_id=group_id), 201, **{"Idempotency-Key": a_key()}
    )
    assert joined["total_fen"] == 8_800
    group = NOBODY.get(f"{world.store}/groups/{group_id}")
    assert (group["taken"], group["joinable"]) == (2, False)


def test_a_full_line_says_when_to_come_back(world: World) -> None:
    headers = {"Idempotency-Key": a_key()}
    with a_full_line(world.shop):
        refused = world.buyer("POST", f"{world.store}/purchases", world.wish(), **headers)
    assert (refused.status, refused.code) == (503, "queue_full")
    assert refused.headers["Retry-After"] == str(refused.body["details"]["retry_after"])
    world.buyer.post(f"{world.store}/purchases", world.wish(), 201, **headers)
