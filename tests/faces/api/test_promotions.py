"""Promotions through the API, from creating to stopping."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.faces.api.calling import World, make_world
from tongdao.foundation import clock
from tongdao.party.merchants.models import Role


@pytest.fixture
def world() -> World:
    return make_world()


def times(begin: int = -1, end: int = 24) -> dict[str, Any]:
    """Hours from now."""
    moments = (clock.now() + timedelta(hours=hours) for hours in (begin, end))
    return {
        "title": "周末",
        **dict(zip(("starts_at", "ends_at"), (m.isoformat() for m in moments), strict=True)),
    }


def flash(world: World, **rules: Any) -> dict[str, Any]:
    return times() | {"sku_id": str(world.shop.skus[0]), "price_fen": 9_800} | rules


def make(world: World, kind: str, body: dict[str, Any], status: int = 201) -> Any:
    return world.owner.post(f"{world.desk}/{kind}", body, status)


def test_a_flash_sale_is_seen_changed_used_and_stopped(world: World) -> None:
    made = make(world, "flash-sales", flash(world, quota=5, per_member=2))
    one = f"{world.desk}/promotions/{made['promotion_id']}"
    assert (made["phase"], made["used"], made["version"]) == ("running", 0, 1)
    assert world.buy(2)["total_fen"] == 2 * 9_800
    seen = world.staff[Role.READ_ONLY].get(one)
    assert (seen["used"], seen["given_fen"]) == (2, 2 * 3_000)
    too_few = world.owner("PATCH", one, {"quota": 1})
    assert (too_few.status, too_few.code) == (409, "quota_below_used")
    assert too_few.body["details"] == {"fields": ["quota"], "used": 2}
    changed = world.owner("PATCH", one, {"quota": None, "price_fen": 9_500}).body
    assert (changed["quota"], changed["price_fen"], changed["per_member"], changed["version"]) == (
        None,
        9_500,
        2,
        2,
    )
    assert world.owner.post(f"{one}/stop")["phase"] == "stopped"
    assert world.owner.post(f"{one}/stop")["version"] == 3
    assert world.owner("PATCH", one, {"title": "再来"}).code == "promotion_ended"
    assert world.buy()["total_fen"] == 12_800


def test_lists_are_of_a_kind_and_a_time(world: World) -> None:
    soon = make(world, "coupons", times(2, 24) | {"off_fen": 500, "code": "soon"})
    gift = make(world, "gifts", times() | {"sku_id": str(world.shop.skus[1]), "gift_units": 1})
    make(world, "group-buys", flash(world, group_size=2, group_hours=24))

    def ids(query: str) -> list[str]:
        page = world.owner.get(f"{world.desk}/promotions{query}")
        return [row["promotion_id"] for row in page["items"]]

    assert (len(ids("")), len(ids("?state=running"))) == (3, 2)
    assert ids("?state=scheduled") == ids("?kind=coupon") == [soon["promotion_id"]]
    assert ids("?kind=gift&state=running") == [gift["promotion_id"]]
    assert ids("?state=ended") == []
    assert world.owner("GET", f"{world.desk}/promotions?state=nonsense").code == "filter_unreadable"
    assert soon["code"] == "SOON"


@pytest.mark.parametrize(
    ("kind", "wrong", "code", "fields"),
    [
        ("flash-sales", {"price_fen": 12_800}, "price_not_below_base", ["price_fen"]),
        ("flash-sales", {"ends_at": "2026-01-01T00:00:00Z"}, "promotion_invalid", ["ends_at"]),
        ("flash-sales", {"sku_id": "0" * 32}, "promotion_invalid", ["sku_id"]),
        ("group-buys", {"group_size": 5, "group_hours": 1, "quota": 3}, "promotion_invalid", ["quota"]),
    ],
)
def test_what_is_wrong_is_named(
    world: World, kind: str, wrong: dict[str, Any], code: str, fields: list[str]
) -> None:
    answer = make(world, kind, flash(world, **wrong), 422)
    assert (answer["code"], answer["details"]["fields"]) == (code, fields)
    assert world.owner.get(f"{world.desk}/promotions")["items"] == []


def test_a_coupon_is_an_amount_or_a_part_and_its_code_is_its_own(world: World) -> None:
    both = make(world, "coupons", times() | {"off_fen": 500, "off_bps": 500}, 422)
    assert both["details"]["fields"] == ["off_fen"]
    make(world, "coupons", times() | {"off_bps": 1_200, "most_off_fen": 2_000, "code": "TEA"})
    taken = make(world, "coupons", times() | {"off_fen": 500, "code": "tea"}, 409)
    assert taken["code"] == "code_taken"


@pytest.mark.parametrize("role", [Role.SERVICE, Role.FINANCE, Role.READ_ONLY])
def test_who_may_only_read_makes_none(world: World, role: Role) -> None:
    answer = world.staff[role]("POST", f"{world.desk}/flash-sales", flash(world))
    assert (answer.status, answer.body["details"]) == (403, {"permission": "promotions.edit"})
