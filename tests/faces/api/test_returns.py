"""Programs are told what cannot be given back, and can say that their buyer agreed, on either way in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.faces.api.calling import ADDRESS, World, a_key, make_world
from tests.faces.api.test_lane import DJANGO, LANE, call
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.trade.orders.models import OrderLine


def exclude(world: World, *codes: str) -> None:
    """The kinds of the shop's goods, in the order of their making."""
    for sku_id, code in zip(world.shop.skus, codes, strict=True):
        with merchant_scope(world.shop.merchant_id):
            product_id = Sku.objects.get(pk=sku_id).product_id
        answer = world.owner("PATCH", f"{world.desk}/products/{product_id}", {"return_exclusion": code})
        assert (answer.status, answer.body["return_exclusion"]) == (200, code)
        assert answer.body["published"], "what is left out stays"


def lines(world: World, *agreed: str) -> list[dict[str, Any]]:
    skus = zip(world.shop.skus, agreed, strict=True)
    return [{"sku_id": str(sku), "quantity": 1, "agreed": each} for sku, each in skus]


def quoted(world: World, *agreed: str) -> list[dict[str, Any]]:
    answer: dict[str, Any] = world.buyer.post(f"{world.store}/quotes", {"lines": lines(world, *agreed)})
    found: list[dict[str, Any]] = answer["lines"]
    return found


def test_a_quote_tells_the_words_and_what_the_tick_takes_away() -> None:
    world = make_world((1_000, 2_000, 3_000))
    exclude(world, "", "perishable", "value_drops")
    plain, law, asked = quoted(world, "", "", "")
    assert (plain["return_days"], plain["returns"]) == (7, None)
    assert (law["return_days"], law["returns"]["ask"], law["returns"]["mark"]) == (0, "", "")
    assert asked["return_days"] == 7
    assert "不支持七天无理由退货" in asked["returns"]["ask"]
    assert [each["return_days"] for each in quoted(world, "", "", asked["returns"]["mark"])] == [7, 0, 0]
    cart = world.buyer("PUT", f"{world.store}/cart/{world.shop.skus[1]}", {"quantity": 1}).body
    assert cart["lines"][0]["return_exclusion"] == "perishable"
    product = world.buyer.get(f"{world.store}/products/tea-2")
    assert product["return_exclusion"] == "perishable"


@pytest.mark.parametrize("app", [LANE, DJANGO], ids=["lane", "whole"])
def test_an_order_keeps_what_its_buyer_agreed_to_and_nothing_else(app: Any) -> None:
    world = make_world((1_000, 2_000, 3_000))
    exclude(world, "", "value_drops", "near_expiry")
    mark = quoted(world, "", "", "")[1]["returns"]["mark"]
    body = {"lines": lines(world, mark, mark, mark), "address": ADDRESS}
    told = call(
        app,
        f"/api/v1{world.store}/purchases",
        json.dumps(body).encode(),
        HTTP_AUTHORIZATION=f"Bearer {world.buyer.token}",
        HTTP_IDEMPOTENCY_KEY=a_key(),
    )
    assert told.status == 201
    order = world.buyer.get(f"/orders/{told.body['order_ids'][0]}")
    kept = [
        (line["return_days"], line["return_exclusion"], line["return_consented"]) for line in order["lines"]
    ]
    assert kept == [(7, "", False), (0, "value_drops", True), (7, "near_expiry", False)]
    assert all(line["promise"] and line["return_by"] is None for line in order["lines"])
    exclude(world, "perishable", "", "")
    assert world.buyer.get(f"/orders/{told.body['order_ids'][0]}")["lines"] == order["lines"]
    with merchant_scope(world.shop.merchant_id):
        assert OrderLine.objects.filter(policies__consented=True).count() == 1


def test_a_kind_that_there_is_not_is_refused_and_changes_nothing() -> None:
    world = make_world((1_000,))
    with merchant_scope(world.shop.merchant_id):
        product_id = Sku.objects.get().product_id
    path = f"{world.desk}/products/{product_id}"
    answer = world.owner("PATCH", path, {"published": False, "return_exclusion": "no_returns_ever"})
    assert (answer.status, answer.code) == (422, "exclusion_invalid")
    assert world.owner.get(path)["published"], "all of it or nothing"
