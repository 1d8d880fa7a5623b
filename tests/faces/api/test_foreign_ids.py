"""Ids of another merchant or buyer answer 404, as ids that do not exist do: never 403, never a row."""

from __future__ import annotations

import uuid

from tests.faces.api.calling import Town, make_world
from tests.faces.api.examples import Examples, make_examples, operations, outsider
from tongdao.faces.api.operation import PERMISSIONS

ROWS = (
    *("product_id", "sku_id", "order_id", "purchase_id", "refund_id", "staff_id", "import_id"),
    *("template_id", "promotion_id", "review_id", "member_id", "export_id", "plan_id", "promoter_id"),
    *("storefront_id", "brand_id", "role_id", "page_id", "licence_id", "invitation_id", "payout_id"),
    "case_id",
)


def test_rows_of_another_merchant_are_not_there(town: Town, examples: Examples) -> None:
    """The neighbour's owner asks at its own desk for our rows, with requests that are good otherwise."""
    neighbour = make_examples(town)
    asked = 0
    for operation in operations():
        names = [name for name in ROWS if f"{{{name}}}" in operation.path]
        if "{merchant_id}" not in operation.path or not names:
            continue
        ours = examples.parameters(operation.id)
        answer = neighbour.call(neighbour.world.owner, operation, **{name: ours[name] for name in names})
        assert (answer.status, answer.code) == (404, "not_found"), (operation, answer)
        asked += 1
    assert asked >= 10


def test_rows_of_another_buyer_are_not_there(examples: Examples) -> None:
    stranger, owner = outsider(), examples.world.owner
    asked = 0
    for operation in operations():
        if PERMISSIONS[operation.id] != "person" or not any(f"{{{name}}}" in operation.path for name in ROWS):
            continue
        if operation.id in ("put_in_cart", "add_favourite"):  # takes what is public into one's own keeping
            continue
        for caller in (stranger, owner):
            answer = examples.call(caller, operation)
            assert (answer.status, answer.code) == (404, "not_found"), (operation, answer)
        asked += 1
    assert asked >= 7


def test_ids_that_do_not_exist_answer_the_same(examples: Examples) -> None:
    nothing = str(uuid.uuid4())
    for operation in operations():
        names = [name for name in ("merchant_id", *ROWS) if f"{{{name}}}" in operation.path]
        for name in names:
            caller = examples.world.owner if "{merchant_id}" in operation.path else examples.world.buyer
            answer = examples.call(caller, operation, **{name: nothing})
            assert (answer.status, answer.code) == (404, "not_found"), (operation, name, answer)


def test_a_neighbours_goods_are_not_in_this_store(examples: Examples) -> None:
    world, other = examples.world, make_world()
    foreign = {"lines": [{"sku_id": str(other.shop.skus[0]), "quantity": 1}]}
    quoted = world.buyer.post(f"{world.store}/quotes", foreign)
    assert (quoted["lines"], quoted["unknown"]) == ([], [str(other.shop.skus[0])])
    put = world.buyer("PUT", f"{world.store}/cart/{other.shop.skus[0]}", {"quantity": 1})
    assert put.status == 404


def test_carts_lists_and_feeds_hold_only_what_is_ones_own(examples: Examples) -> None:
    neighbour = make_world()
    neighbour.buy()
    for path in ("orders", "refunds", "parcels", "products"):
        theirs = {str(row) for row in neighbour.owner.get(f"{neighbour.desk}/{path}")["items"]}
        ours = {str(row) for row in examples.world.owner.get(f"{examples.world.desk}/{path}")["items"]}
        assert not theirs & ours
    own = outsider()
    assert own.get("/orders")["items"] == []
    assert own.get(f"{examples.world.store}/cart")["lines"] == []
