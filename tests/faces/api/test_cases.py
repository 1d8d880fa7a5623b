"""After-sale cases as programs of the shop answer them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.faces.api import my_case_examples
from tests.faces.api.calling import Form, World, a_key, make_world
from tests.faces.api.case_examples import ASKED, BODIES, asked, disputed
from tests.faces.api.company_examples import ENDED
from tests.faces.console.support import pay
from tests.support.complaining import arrived_line
from tongdao.party.merchants.models import Role

STEPS = {
    "agree_to_buyers_case": ("agree", "agreed"),
    "grant_buyers_case": ("grant", "granted"),
    "refuse_buyers_case": ("refuse", "refused"),
    "receive_case_goods": ("receive", "received"),
    "send_case_replacement": ("replace", "replaced"),
    "say_on_case": ("words", "requested"),
    "call_platform_on_case": ("dispute", "requested"),
    "state_case_to_platform": ("dispute/statements", "refused"),
    "concede_case_dispute": ("dispute/concede", "granted"),
    "drop_case_dispute": ("dispute/drop", "requested"),
    "accept_case_ruling": ("dispute/accept", "granted"),
    "appeal_case_ruling": ("dispute/appeal", "refused"),
}
MADE = ("say_on_case", "call_platform_on_case", "state_case_to_platform")


@pytest.mark.parametrize("operation", STEPS)
def test_each_step_does_what_it_says_for_its_own_shop_alone(world: World, operation: str) -> None:
    path, state = STEPS[operation]
    case_id = ENDED[operation](world)["case_id"]
    there, body = f"/cases/{case_id}/{path}", BODIES.get(operation)
    other = make_world()
    assert other.owner("POST", f"{other.desk}{there}", body).status == 404
    assert world.staff[Role.READ_ONLY]("POST", f"{world.desk}{there}", body).status == 403
    case = world.owner.post(f"{world.desk}{there}", body, 201 if operation in MADE else 200)
    assert case["state"] == state
    assert case == world.owner.get(f"{world.desk}/cases/{case_id}")


def test_a_step_done_twice_or_too_late_is_refused(world: World) -> None:
    case_id, _ = asked(world)
    there = f"{world.desk}/cases/{case_id}"
    wrong = world.owner("POST", f"{there}/grant", {"expected_fen": ASKED + 1})
    assert (wrong.status, wrong.code) == (409, "refund_changed")
    world.owner.post(f"{there}/grant", {"expected_fen": ASKED})
    for path, body in (("grant", {"expected_fen": ASKED}), ("refuse", BODIES["refuse_buyers_case"])):
        late = world.owner("POST", f"{there}/{path}", body)
        assert (late.status, late.code) == (409, "case_moved")
    assert world.owner("POST", f"{there}/words", Form({"text": " "})).status == 422
    assert world.owner("POST", f"{there}/dispute/accept").status == 404


@pytest.mark.parametrize("operation", ["say_on_case", "state_case_to_platform", "appeal_case_ruling"])
def test_what_is_sent_again_with_its_key_is_said_once(world: World, operation: str) -> None:
    case_id = ENDED[operation](world)["case_id"]
    there, status = f"{world.desk}/cases/{case_id}/{STEPS[operation][0]}", 201 if operation in MADE else 200
    key = {"Idempotency-Key": a_key()}
    first = world.owner.post(there, BODIES[operation], status, **key)
    assert world.owner.post(there, BODIES[operation], status, **key) == first
    other = world.owner("POST", there, Form({"text": "别的话"}), **key)
    assert (other.status, other.code) == (409, "case_words_changed")
    bad = world.owner("POST", there, BODIES[operation], **{"Idempotency-Key": "short"})
    assert bad.status == 422
    assert world.owner.get(f"{world.desk}/cases/{case_id}") == first


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("say_in_my_case", "words"),
        ("state_my_case", "dispute/statements"),
        ("appeal_my_ruling", "dispute/appeal"),
    ],
)
def test_what_a_buyer_sends_again_with_its_key_is_said_once(world: World, operation: str, path: str) -> None:
    order_id = UUID(world.buy(my_case_examples.MANY)["order_ids"][0])
    pay(world.shop, order_id)
    arrived_line(world.shop, order_id)
    making = {"say_in_my_case": my_case_examples.requested, **my_case_examples.FRESH}
    there = f"/cases/{making[operation](world)['case_id']}"
    key, body = {"Idempotency-Key": a_key()}, my_case_examples.BODIES[operation]()
    first = world.buyer.post(f"{there}/{path}", body, 201, **key)
    assert world.buyer.post(f"{there}/{path}", body, 201, **key) == first
    assert world.buyer.get(there) == first
    other = world.buyer("POST", f"{there}/{path}", Form({"text": "别的话"}), **key)
    assert (other.status, other.code) == (409, "case_words_changed")


def test_the_list_is_the_desks_own(world: World) -> None:
    waits, (fought, _) = asked(world)[0], disputed(world)
    case = world.owner.get(f"{world.desk}/cases")["items"]
    assert [(each["case_id"], each["turn"]) for each in case] == [
        (str(waits), "seller"),
        (str(fought), "seller"),
    ]
    found = world.owner.get(f"{world.desk}/cases?due=paused")["items"]
    assert [each["case_id"] for each in found] == [str(fought)]
    assert world.owner("GET", f"{world.desk}/cases?turn=mine").status == 422
    whole = world.owner.get(f"{world.desk}/cases/{fought}")
    assert (whole["dispute"]["state"], whole["dispute"]["may"], whole["may"]) == (
        "open",
        ["state", "concede"],
        [],
    )
    assert [said["side"] for said in whole["words"]] == ["buyer", "seller"]


def test_files_are_handed_out_with_their_case_alone(world: World) -> None:
    case_id, _ = disputed(world)
    there = f"{world.desk}/cases/{case_id}"
    whole = world.owner.get(there)
    shown = whole["words"][0]["files"][0]["file_id"]
    stated = whole["dispute"]["statements"][0]["files"][0]["file_id"]
    for path in (f"files/{shown}", f"dispute/files/{stated}"):
        answer = world.owner("GET", f"{there}/{path}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    for path in (f"files/{stated}", f"dispute/files/{shown}", f"files/{uuid4()}"):
        assert world.owner("GET", f"{there}/{path}").status == 404


def test_service_levels_count_what_happened(world: World) -> None:
    case_id, _ = asked(world)
    world.owner.post(f"{world.desk}/cases/{case_id}/grant", {"expected_fen": ASKED})
    disputed(world)
    levels = world.owner.get(f"{world.desk}/service-levels?weeks=3")
    together = levels["together"]
    assert (together["orders"], together["cases"], together["disputed"]) == (2, 2, 1)
    assert together["first_answer_seconds"] is not None and together["refund_seconds"] is not None
    assert len(levels["weeks"]) == 3 and levels["overdue"] == 0
    assert sum(week["cases"] for week in levels["weeks"]) == 2
