"""The catalogue: what visitors see, what staff sets, and files that come in."""

from __future__ import annotations

from tests.faces.api.calling import Caller, World, a_file, a_key
from tongdao.goods.intake.operations import run_import
from tongdao.party.merchants.models import Role

NOBODY = Caller()
CSV = """Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Published
green-tea,云雾绿茶,GT-1,38.00,4,true
bad-tea,坏茶,BT-1,abc,1,true
"""


def test_lists_are_pages(world: World) -> None:
    first = NOBODY.get(f"{world.store}/products?limit=1")
    second = NOBODY.get(f"{world.store}/products?limit=1&offset=1")
    assert (first["more"], second["more"]) == (True, False)
    assert {page["items"][0]["handle"] for page in (first, second)} == {"tea-1", "tea-2"}


def test_what_is_taken_out_of_the_store_is_seen_by_staff_only(world: World) -> None:
    shown = NOBODY.get(f"{world.store}/products/tea-1")
    path = f"{world.desk}/products/{shown['product_id']}"
    assert world.owner("PATCH", path, {"published": False}).status == 200
    assert NOBODY("GET", f"{world.store}/products/tea-1").status == 404
    assert NOBODY("GET", f"{world.store}/skus/{world.shop.skus[0]}/price").status == 404
    assert world.staff[Role.READ_ONLY].get(path)["published"] is False
    refused = world.buyer("POST", f"{world.store}/purchases", world.wish(), **{"Idempotency-Key": a_key()})
    assert (refused.status, refused.code) == (409, "not_saleable")


def test_a_price_that_moved_is_refused_to_who_saw_the_old_one(world: World) -> None:
    sku = str(world.shop.skus[0])
    seen = NOBODY.get(f"{world.store}/products/tea-1")["skus"][0]
    changed = world.owner("PATCH", f"{world.desk}/skus/{sku}", {"price_fen": 9_900, "compare_at_fen": 20_000})
    assert (changed.body["price_fen"], changed.body["compare_at_fen"]) == (9_900, 20_000)
    line = {"sku_id": sku, "quantity": 1, "price_version": seen["price_version"]}
    quoted = world.buyer.post(f"{world.store}/quotes", {"lines": [line]})
    assert (quoted["lines"][0]["problem"], quoted["total_fen"]) == ("price_changed", 9_900)
    wish = world.wish() | {"lines": [line]}
    refused = world.buyer("POST", f"{world.store}/purchases", wish, **{"Idempotency-Key": a_key()})
    assert (refused.status, refused.code, refused.body["details"]) == (409, "price_changed", {"skus": [sku]})


def test_only_a_price_that_was_asked_is_crossed_out(world: World) -> None:
    sku = world.shop.skus[0]
    world.owner("PATCH", f"{world.desk}/skus/{sku}", {"price_fen": 9_900, "compare_at_fen": 20_000})
    line = NOBODY.get(f"{world.store}/skus/{sku}/price")
    assert [point["price_fen"] for point in line["history"]] == [9_900, 12_800]
    assert line["crossed_fen"] == 12_800
    shown = NOBODY.get(f"{world.store}/products/tea-1")["skus"][0]
    assert shown["compare_at_fen"] is None


def test_a_patch_leaves_alone_what_it_does_not_name(world: World) -> None:
    path = f"{world.desk}/skus/{world.shop.skus[0]}"
    world.owner("PATCH", path, {"compare_at_fen": 20_000})
    off = world.owner("PATCH", path, {"saleable": False}).body
    assert (off["price_fen"], off["compare_at_fen"], off["saleable"]) == (12_800, 20_000, False)
    assert world.owner("PATCH", path, {"compare_at_fen": None}).body["compare_at_fen"] is None
    assert world.owner("PATCH", path, {"price_fen": 0}).code == "price_invalid"


def test_stock_is_a_hint_and_cannot_fall_below_what_is_promised(world: World) -> None:
    sku = world.shop.skus[0]
    world.buy(3)
    path = f"{world.desk}/skus/{sku}/stock"
    assert world.owner("PUT", path, {"on_hand": 2}).code == "stock_below_promised"
    counted = world.owner("PUT", path, {"on_hand": 5})
    assert counted.body == {"sku_id": str(sku), "on_hand": 5, "reserved": 3}
    assert NOBODY.get(f"{world.store}/products/tea-1")["skus"][0]["stock_hint"] == "few"


def test_a_cart_sums_what_can_be_bought(world: World) -> None:
    first, second = world.shop.skus
    world.buyer("PUT", f"{world.store}/cart/{first}", {"quantity": 2})
    cart = world.buyer("PUT", f"{world.store}/cart/{second}", {"quantity": 1}).body
    assert cart["goods_fen"] == 2 * 12_800 + 990
    world.owner("PATCH", f"{world.desk}/skus/{first}", {"saleable": False})
    assert world.buyer.get(f"{world.store}/cart")["goods_fen"] == 990
    assert len(world.buyer("PUT", f"{world.store}/cart/{first}", {"quantity": 0}).body["lines"]) == 1
    assert world.buyer("DELETE", f"{world.store}/cart").status == 204
    assert world.buyer.get(f"{world.store}/cart")["lines"] == []


def test_a_product_file_is_worked_off_and_reported(world: World) -> None:
    clerk = world.staff[Role.OPERATIONS]
    handed_in = clerk.post(f"{world.desk}/imports", a_file(CSV), 202)
    assert (handed_in["state"], handed_in["file_name"]) == ("queued", "goods.csv")
    run_import(world.shop.merchant_id, handed_in["import_id"])
    done = clerk.get(f"{world.desk}/imports/{handed_in['import_id']}")
    assert (done["state"], done["counts"]["products_created"]) == ("done", 1)
    assert next((row["line"], row["code"]) for row in done["problems"]) == (3, "price")
    assert clerk.get(f"{world.desk}/imports")["items"][0]["import_id"] == handed_in["import_id"]
    assert NOBODY.get(f"{world.store}/products/green-tea")["skus"][0]["price_fen"] == 3_800


def test_a_dry_run_changes_nothing(world: World) -> None:
    handed_in = world.owner.post(f"{world.desk}/imports", a_file(CSV, dry_run="true"), 202)
    run_import(world.shop.merchant_id, handed_in["import_id"])
    report = world.owner.get(f"{world.desk}/imports/{handed_in['import_id']}")
    assert (report["state"], report["dry_run"], report["counts"]["products_created"]) == ("done", True, 1)
    assert NOBODY("GET", f"{world.store}/products/green-tea").status == 404


def test_files_that_are_none_are_refused(world: World) -> None:
    path = f"{world.desk}/imports"
    assert world.owner("POST", path, a_file("a,b\n1,2\n")).code == "wrong_file"
    assert world.owner("POST", path, a_file("")).status == 422
    assert world.owner("POST", path, {"currency": "CNY"}).status == 422
    assert world.owner("POST", path, b"--x").status in (400, 422)
    assert world.owner("POST", path, a_file(CSV, currency="USD")).status == 422
