"""Reviews over the API: what anybody reads, what a buyer writes, what staff do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.api.calling import Caller, Form, World, caller_for, make_world
from tests.trade.reviews.support import OPERATOR, a_photo, received_lines
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.operations import take_down_review


@pytest.fixture
def world() -> World:
    return make_world((12_800,))


def waiting(world: World, caller: Caller) -> str:
    """The path at which the line of a fresh order of the caller's is reviewed."""
    [line] = received_lines(world.shop, Actor("person", caller.person_id))
    with merchant_scope(world.shop.merchant_id):
        order = OrderLine.objects.values_list("order_id", flat=True).get(pk=line)
    return f"/orders/{order}/lines/{line}/review"


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", a_photo(), "image/jpeg")


def written(world: World, **fields: Any) -> Any:
    caller = caller_for(create_guest())
    return caller.post(waiting(world, caller), Form({"stars": "5", **fields}), 201)


def public(world: World, query: str = "") -> Any:
    return Caller().get(f"{world.store}/products/tea-1/reviews{query}")


def test_a_buyer_finds_writes_and_follows_up(world: World) -> None:
    there = waiting(world, world.buyer)
    [line] = world.buyer.get(f"{world.store}/reviews/to-write")
    assert there == f"/orders/{line['order_id']}/lines/{line['line_id']}/review"
    form = Form({"stars": "4", "text": "很香", "pictures": [photo(), photo()]})
    review = world.buyer.post(there, form, 201)
    assert (review["stars"], review["text"], len(review["pictures"])) == (4, "很香", 2)
    assert world.buyer.get(f"{world.store}/reviews/to-write") == []
    again = world.buyer("POST", there, Form({"stars": "1"}))
    assert (again.status, again.code) == (409, "already_reviewed")
    path = f"/reviews/{review['review_id']}/follow-up"
    followed = world.buyer.post(path, Form({"text": "又买了", "pictures": [photo()]}), 201)
    assert (followed["follow_up"]["text"], len(followed["follow_up"]["pictures"])) == ("又买了", 1)
    assert world.buyer("POST", path, Form({"text": "再来"})).code == "already_followed_up"
    [mine] = world.buyer.get("/reviews")["items"]
    assert mine["merchant_id"] == str(world.shop.merchant_id) and mine["follow_up_until"] is None
    url = review["pictures"][0]["url"]
    assert Client().get(url[url.index("/media/") :]).status_code == 200


def test_my_reviews_are_those_of_all_merchants(world: World) -> None:
    other = make_world((990,))
    for one in (world, other):
        world.buyer.post(waiting(one, world.buyer), Form({"stars": "3", "pictures": [photo()]}), 201)
    found = world.buyer.get("/reviews?limit=1")
    rest = world.buyer.get("/reviews?limit=1&offset=1")
    assert (found["more"], rest["more"]) == (True, False)
    items = found["items"] + rest["items"]
    assert [row["merchant_id"] for row in items] == [
        str(other.shop.merchant_id),
        str(world.shop.merchant_id),
    ]
    assert all(len(row["pictures"]) == 1 for row in items)
    assert caller_for(create_guest()).get("/reviews")["items"] == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "bad_input"),
        ({"stars": "0"}, "bad_input"),
        ({"stars": "6"}, "bad_input"),
        ({"stars": "5", "text": "字" * 501}, "bad_input"),
        ({"stars": "5", "pictures": [SimpleUploadedFile("a.jpg", b"x")]}, "picture_unusable"),
        ({"stars": "5", "pictures": [photo() for _ in range(10)]}, "too_many_pictures"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    world: World, fields: dict[str, Any], code: str
) -> None:
    answer = world.buyer("POST", waiting(world, world.buyer), Form(fields))
    assert (answer.status, answer.code) == (422, code)
    assert public(world)["summary"]["total"] == 0


def test_a_line_of_another_order_is_not_there(world: World) -> None:
    one, other = (waiting(world, world.buyer).split("/") for _ in range(2))
    mixed = "/".join([*one[:4], other[4], "review"])
    assert world.buyer("POST", mixed, Form({"stars": "5"})).status == 404
    assert world.owner("POST", "/".join(one), Form({"stars": "5"})).status == 404


def test_anybody_reads_what_it_adds_up_to_by_pages(world: World) -> None:
    for stars in ("5", "4", "4"):
        written(world, stars=stars, text=f"{stars} 星")
    first = public(world, "?limit=2")
    assert first["summary"] == {
        "total": 3,
        "mean_tenths": 43,
        "stars": [0, 0, 0, 2, 1],
        "with_pictures": 0,
        "with_follow_up": 0,
    }
    assert [row["stars"] for row in first["items"]] == [4, 4]
    last = public(world, f"?limit=2&before={first['next']}")
    assert ([row["stars"] for row in last["items"]], last["next"]) == ([5], None)
    assert [row["stars"] for row in public(world, "?show=5")["items"]] == [5]
    assert Caller()("GET", f"{world.store}/products/nothing/reviews").status == 404
    assert Caller()("GET", f"{world.store}/products/tea-1/reviews?show=9").status == 422


def test_the_public_list_is_kept_until_something_changes(world: World) -> None:
    review = written(world)
    path = f"{world.store}/products/tea-1/reviews"
    tag = Caller()("GET", path).headers["ETag"]
    assert Caller()("GET", path, **{"If-None-Match": tag}).status == 304
    world.owner.post(f"{world.desk}/reviews/{review['review_id']}/answer", {"text": "谢谢您。"})
    assert Caller()("GET", path, **{"If-None-Match": tag}).status == 200
    assert public(world)["items"][0]["answer"]["text"] == "谢谢您。"


def test_staff_answer_fold_and_open_again(world: World) -> None:
    review = written(world, stars="2")
    there = f"{world.desk}/reviews/{review['review_id']}"
    service = world.staff[Role.SERVICE]
    refused = service("POST", f"{there}/answer", {"text": "本店最好"})
    assert (refused.status, refused.code, refused.body["details"]) == (
        422,
        "answer_wording",
        {"words": "最好"},
    )
    assert service.post(f"{there}/answer", {"text": "谢谢您。"})["answer"]["text"] == "谢谢您。"
    assert service("POST", f"{there}/answer", {"text": "再"}).code == "already_answered"
    assert service("POST", f"{there}/answer", {"text": "再", "to": "follow_up"}).code == "nothing_to_answer"
    assert service("POST", f"{there}/fold", {"reason": "insulting"}).status == 403
    folded = world.owner.post(f"{there}/fold", {"reason": "insulting"})
    assert (folded["state"], folded["fold_reason"]) == ("folded", "insulting")
    assert public(world)["summary"]["total"] == 1
    assert [row["review_id"] for row in world.owner.get(f"{world.desk}/reviews?state=folded")["items"]] == [
        review["review_id"]
    ]
    assert world.owner.post(f"{there}/unfold")["state"] == "shown"
    assert world.owner.get(f"{world.desk}/reviews?show=open")["items"] == []


def test_a_tombstone_tells_its_reason_alone(world: World) -> None:
    review = written(world, text="违法的话", stars="1")
    with merchant_scope(world.shop.merchant_id):
        take_down_review(UUID(review["review_id"]), reason="court_order", actor=OPERATOR)
    [stone] = public(world)["items"]
    assert (stone["state"], stone["taken_down_reason"]) == ("taken_down", "court_order")
    assert (stone["stars"], stone["text"], stone["writer"], stone["pictures"]) == (None, "", "", [])
    assert public(world)["summary"]["total"] == 0


def test_a_writer_is_masked(world: World) -> None:
    person = create_guest()
    person.shown_name = "欧阳小满"
    person.save(update_fields=["shown_name"])
    caller = caller_for(Person.objects.get(pk=person.pk))
    caller.post(waiting(world, caller), Form({"stars": "5"}), 201)
    assert [row["writer"] for row in public(world)["items"]] == ["欧***"]
