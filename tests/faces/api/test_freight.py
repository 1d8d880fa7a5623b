"""Freight templates through the API, from the first one to the last."""

from __future__ import annotations

from typing import Any

from tests.faces.api.calling import World, make_world
from tests.faces.api.examples import TEMPLATE
from tongdao.party.merchants.models import Role

FAR = {"division_code": "650102", "weight_g": 2_500, "quantity": 2}


def trial(world: World, **body: Any) -> Any:
    return world.owner.post(f"{world.desk}/freight-preview", body)


def test_a_template_from_its_first_day_to_its_last() -> None:
    world = make_world()
    there = f"{world.desk}/freight-templates"
    assert trial(world, **FAR)["total_fen"] == 0
    made = world.owner.post(there, TEMPLATE | {"parcel_most_g": 3_000}, 201)
    assert (made["is_default"], made["version"], made["product_count"]) == (True, 1, 0)
    assert made["rules"][0]["prefixes"] == ["3201", "33"]
    assert trial(world, **FAR) == {
        "total_fen": 800,
        "served": True,
        "parcels": [{"count": 2, "weight_g": 2_500, "fee_fen": 400}],
    }
    assert trial(world, weight_g=2_500)["total_fen"] is None
    assert trial(world, **FAR, goods_fen=9_900)["total_fen"] == 0
    one = f"{there}/{made['template_id']}"
    not_west = {"prefixes": ["65"], "first_fee_fen": 0, "step_fee_fen": 0, "not_served": True}
    body = TEMPLATE | {"rules": [*TEMPLATE["rules"], not_west], "version": 1}
    assert world.owner("PUT", one, body).body["version"] == 2
    stale = world.owner("PUT", one, TEMPLATE | {"version": 1})
    assert (stale.status, stale.code) == (409, "template_changed")
    assert trial(world, **FAR) == {"total_fen": None, "served": False, "parcels": []}
    assert world.owner("DELETE", one).body == []


def test_products_of_their_own() -> None:
    world = make_world()
    there = f"{world.desk}/freight-templates"
    first, second = (world.owner.post(there, TEMPLATE, 201) for _ in range(2))
    products = [row["product_id"] for row in world.owner.get(f"{world.desk}/products")["items"]]
    body = {"template_id": second["template_id"], "product_ids": products}
    assignments = f"{world.desk}/freight-assignments"
    assert world.owner("PUT", assignments, body).body == {"changed": len(products)}
    assert world.owner("PUT", assignments, body).body == {"changed": 0}
    listed = world.owner.get(there)
    assert [row["product_count"] for row in listed if not row["is_default"]] == [len(products)]
    refused = world.owner("DELETE", f"{there}/{first['template_id']}")
    assert (refused.status, refused.code) == (409, "default_template_needed")
    world.owner("POST", f"{there}/{second['template_id']}/default")
    assert world.owner.get(there)[0]["template_id"] == second["template_id"]
    body["template_id"] = None
    assert world.owner("PUT", assignments, body).body == {"changed": len(products)}


def test_who_may_archive() -> None:
    world = make_world()
    there = f"{world.desk}/freight-templates"
    for role, caller in world.staff.items():
        for _ in range(2):
            made = world.owner.post(there, TEMPLATE, 201)
        answer = caller("DELETE", f"{there}/{made['template_id']}")
        assert (answer.status == 200) == (role in (Role.OWNER, Role.OPERATIONS)), role


def test_what_a_template_cannot_say() -> None:
    world = make_world()
    there = f"{world.desk}/freight-templates"
    rule = TEMPLATE["rules"][1]
    wrong: dict[str, Any] = {
        "region_unknown": [rule | {"prefixes": ["99"]}],
        "region_twice": [rule, rule],
        "nothing_served": [rule | {"not_served": True}],
    }
    for code, rules in wrong.items():
        answer = world.owner("POST", there, TEMPLATE | {"rules": rules})
        assert (answer.status, answer.code) == (422, code)


def test_weight_and_volume_of_a_sku() -> None:
    world = make_world()
    sku = f"{world.desk}/skus/{world.shop.skus[0]}"
    assert world.owner("PATCH", sku, {"weight_g": 350}).body["weight_g"] == 350
    body = world.owner("PATCH", sku, {"volume_cm3": 1_200}).body
    assert (body["weight_g"], body["volume_cm3"]) == (350, 1_200)
    handles = [row["handle"] for row in world.owner.get(f"{world.desk}/products")["items"]]
    products = [world.owner.get(f"{world.store}/products/{handle}") for handle in handles]
    seen = {each["sku_id"]: each for product in products for each in product["skus"]}[body["sku_id"]]
    assert (seen["weight_g"], seen["volume_cm3"]) == (350, 1_200)
    assert world.owner("PATCH", sku, {"weight_g": -1}).status == 422
