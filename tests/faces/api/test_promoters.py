"""Promoters by program: joining needs age and agreement, and each reads its own income only."""

from __future__ import annotations

from tests.faces.api.calling import Caller, a_guest
from tests.faces.api.examples import JOINING
from tests.faces.promoter.support import SHARE, VERSION, Earner, make_earner, make_promoted_shop
from tongdao.party.people.operations import issue_token


def caller(earner: Earner) -> tuple[Caller, str]:
    return Caller(issue_token(earner.person)), f"/merchants/{earner.shop.merchant_id}"


def test_joining_needs_the_age_and_the_version_that_was_read() -> None:
    desk = f"/merchants/{make_promoted_shop().merchant_id}"
    guest = a_guest()
    read = guest.get(f"{desk}/promoter-agreement")
    assert (read["version"], read["least_age"]) == (VERSION, 18)
    young = guest("POST", f"{desk}/promoters", JOINING | {"of_age": False})
    assert (young.status, young.code) == (422, "age_not_declared")
    stale = guest("POST", f"{desk}/promoters", JOINING | {"agreement_version": "0"})
    assert (stale.status, stale.code) == (409, "agreement_changed")
    assert guest("GET", f"{desk}/promoters/me").status == 404
    guest.post(f"{desk}/promoters", JOINING, 201)
    mine = guest.get(f"{desk}/promoters/me")
    assert [mine[part]["fen"] for part in ("estimated", "held", "released")] == [0, 0, 0]


def test_each_reads_its_own_income_orders_and_links() -> None:
    shop = make_promoted_shop()
    earner, other = make_earner(shop), make_earner(shop, name="阿棠")
    earner.order()
    paid = earner.sell(2)
    earner.complete(earner.sell())
    other.sell(4)
    call, desk = caller(earner)
    mine = call.get(f"{desk}/promoters/me")
    assert [mine[part]["fen"] for part in ("estimated", "held", "released")] == [SHARE, 2 * SHARE, SHARE]
    held = call.get(f"{desk}/promoters/me/orders?stage=held")
    assert [sale["order_id"] for sale in held["items"]] == [str(paid)]
    assert held["items"][0]["next_at"] is not None
    first = call.get(f"{desk}/promoters/me/orders?limit=2")
    assert (len(first["items"]), first["more"]) == (2, True)
    (link,) = call.get(f"{desk}/promoters/me/links")
    assert link["url"].endswith(earner.link)
    assert (link["visits"], link["orders"], link["earned_fen"]) == (3, 2, 3 * SHARE)


def test_after_leaving_the_income_can_still_be_read() -> None:
    earner = make_earner(make_promoted_shop())
    earner.sell()
    call, desk = caller(earner)
    assert call("DELETE", f"{desk}/promoters/me").status == 204
    mine = call.get(f"{desk}/promoters/me")
    assert mine["promoter_id"] is None
    assert mine["left_at"] is not None
    assert mine["held"]["fen"] == SHARE
