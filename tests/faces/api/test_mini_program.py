"""A mini-program: its code becomes a token, and who signed in by it pays with the openid it has there."""

from __future__ import annotations

import pytest

from tests.faces.api.calling import Caller, Town, World, wechat_terms
from tongdao.party.people.models import Identity
from tongdao.party.people.operations import person_of_token

Papers = dict[str, str]


@pytest.fixture
def mini(town: Town, world: World) -> Papers:
    """The app of `world`, which its payment account names."""
    town.connect(world)
    papers = town.wechat.app("mini", account="tea", appid=town.sandbox.papers["appid"])
    world.owner.post(f"{world.desk}/wechat-apps", wechat_terms(papers), 201)
    return papers


def code_of(town: Town, mini: Papers, user: str) -> dict[str, str]:
    return {"code": town.wechat.code(mini, user, "js_code")}


def test_a_code_becomes_a_token_of_the_same_person_each_time(town: Town, world: World, mini: Papers) -> None:
    there, user, nobody = f"/stores/{world.shop.slug}/tokens/by-wechat", town.wechat.user(), Caller()
    first = nobody.post(there, code_of(town, mini, user), 201)
    again = nobody.post(there, code_of(town, mini, user), 201)
    assert first["person_id"] == again["person_id"]
    assert str(person_of_token(again["token"]).pk) == first["person_id"]


def test_a_code_is_good_once(town: Town, world: World, mini: Papers) -> None:
    there, code = f"/stores/{world.shop.slug}/tokens/by-wechat", code_of(town, mini, town.wechat.user())
    Caller().post(there, code, 201)
    for wrong in (code, {"code": "made-up"}):
        assert Caller().post(there, wrong, 401)["code"] == "wechat_over"


def test_who_is_known_on_the_website_is_the_same_in_the_mini_program(
    town: Town, world: World, mini: Papers
) -> None:
    user = town.wechat.user()
    told = Caller().post(f"/stores/{world.shop.slug}/tokens/by-wechat", code_of(town, mini, user), 201)
    website = town.wechat.app("website", account="tea")
    assert town.wechat.ids(website, user)["unionid"] == town.wechat.ids(mini, user)["unionid"]
    kinds = Identity.objects.filter(person_id=told["person_id"]).values_list("kind", flat=True)
    assert set(kinds) == {"wechat_union", "wechat_openid"}


def test_the_payer_is_who_signed_in(town: Town, world: World, mini: Papers) -> None:
    user = town.wechat.user()
    told = Caller().post(f"/stores/{world.shop.slug}/tokens/by-wechat", code_of(town, mini, user), 201)
    world.buyer = Caller(told["token"])
    bought = world.buy()
    opened = world.buyer.post(f"/purchases/{bought['purchase_id']}/payments", {"product": "jsapi"})
    assert opened["jsapi"]["appId"] == mini["appid"]
    paid = town.sandbox.control("/pay", out_trade_no=town.open_number(world, bought["purchase_id"]))
    assert paid["openid"] == town.wechat.ids(mini, user)["openid"]


def test_a_guest_without_wechat_has_no_openid(town: Town, world: World, mini: Papers) -> None:
    bought = world.buy()
    there = f"/purchases/{bought['purchase_id']}/payments"
    assert world.buyer.post(there, {"product": "jsapi"}, 422)["code"] == "payer_unknown"


def test_secrets_go_in_and_never_come_out(town: Town, world: World, mini: Papers) -> None:
    [shown] = world.owner.get(f"{world.desk}/wechat-apps")
    assert set(shown) == {"kind", "appid", "effective_from"}
    fresh = town.wechat.app("mini")
    world.owner.post(f"{world.desk}/wechat-apps", wechat_terms(fresh), 201)
    [shown] = world.owner.get(f"{world.desk}/wechat-apps")
    assert shown["appid"] == fresh["appid"], "the new one took the place of the old one"


def test_a_store_without_a_mini_program_has_no_such_door(world: World) -> None:
    Caller().post(f"/stores/{world.shop.slug}/tokens/by-wechat", {"code": "x"}, 404)


def test_when_wechat_is_away_nothing_is_made(town: Town, world: World, mini: Papers) -> None:
    there, user = f"/stores/{world.shop.slug}/tokens/by-wechat", town.wechat.user()
    town.wechat.control("/faults", operation="jscode2session", kind="BUSY")
    before = Identity.objects.count()
    assert Caller().post(there, code_of(town, mini, user), 503)["code"] == "wechat_unavailable"
    assert Identity.objects.count() == before
