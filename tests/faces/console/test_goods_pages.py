"""Goods at the desk, without scripts: made, given options and pictures, priced and counted in bulk."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localtime

from tests.faces.console.support import Desk, make_desk, place_order
from tests.goods.editing.support import a_matrix
from tests.goods.editing.test_pictures import drawn
from tests.goods.intake.support import bring_in
from tests.support.promoting import make_flash
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.editing.models import GoodsBatch
from tongdao.goods.editing.operations import sweep_batches
from tongdao.goods.intake.models import UNDO_FOR, ImportRun
from tongdao.goods.intake.operations import queue_import, run_import, sweep_undone_imports
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.merchants.models import Role

CSV = "Handle,Title,Variant Price\ntea-1,新茶,11.00\nnew,另一种,5.00\n"


@pytest.fixture
def desk() -> Desk:
    return make_desk((10_000,))


@pytest.fixture
def browser(desk: Desk) -> Client:
    return desk.client()


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def cup_of(desk: Desk) -> tuple[Product, list[UUID]]:
    product = a_matrix(desk.shop)
    with merchant_scope(desk.shop.merchant_id):
        rows = Sku.objects.filter(product=product).order_by("position")
        return product, list(rows.values_list("id", flat=True))


def form_of(answer: HttpResponse, skus: list[UUID]) -> dict[str, Any]:
    """What a browser would send of the grid as it is."""
    rows = answer.context["rows"]  # type: ignore[attr-defined]  # the test client's
    sent = {cell.name: cell.text for row in rows for cell in row.cells if cell.kind != "check" or cell.on}
    assert {row.sku_id for row in rows} == set(skus)
    return {**sent, "was": answer.context["was"]}  # type: ignore[attr-defined]


def skus(desk: Desk) -> dict[str, Sku]:
    with merchant_scope(desk.shop.merchant_id):
        return {sku.code: sku for sku in Sku.objects.exclude(code="")}


def test_a_product_is_made_and_leads_to_its_grid(desk: Desk, browser: Client) -> None:
    form = {"title": "高山茶", "price": "128", "option1": "年份", "values1": "2020，2022", "tags": "新,好"}
    wrong = browser.post(desk.url("product_new"), {**form, "price": "x"})
    assert wrong.status_code == 422 and "高山茶" in text_of(wrong)
    made = browser.post(desk.url("product_new"), form)
    with merchant_scope(desk.shop.merchant_id):
        product = Product.objects.get(title="高山茶")
        assert Sku.objects.filter(product=product, price_fen=12_800).count() == 2
        assert product.tags == ["新", "好"]
    assert made["Location"] == desk.url("product_grid", product_id=product.id)
    assert "2022" in text_of(browser.get(made["Location"]))


def test_texts_are_kept_when_somebody_was_faster(desk: Desk, browser: Client) -> None:
    product, _ = cup_of(desk)
    url = desk.url("product_edit", product_id=product.id)
    assert browser.post(url, {"title": "新杯", "version": str(product.version)}).status_code == 302
    late = browser.post(url, {"title": "又新", "version": str(product.version)})
    assert late.status_code == 409 and "又新" in text_of(late) and "新杯" in text_of(late)
    version = late.context["form"]["version"].value()
    assert browser.post(url, {"title": "又新", "version": version}).status_code == 302


def test_the_grid_saves_all_or_nothing_and_names_the_cells(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    url = desk.url("product_grid", product_id=product.id)
    sent = form_of(browser.get(url), ids)
    one, two = ids[0], ids[1]
    wrong = {**sent, f"price_fen.{one}": "88", f"price_fen.{two}": "free", f"on_hand.{two}": "x"}
    answer = browser.post(url, wrong)
    assert answer.status_code == 422
    assert text_of(answer).count("aria-invalid") == 2 and 'value="88"' in text_of(answer)
    assert skus(desk)["C1"].price_fen == 10_000
    refused = browser.post(url, {**sent, f"price_fen.{one}": "88", f"code.{two}": "C3"})
    assert refused.status_code == 422 and skus(desk)["C1"].price_fen == 10_000
    right = {**sent, f"price_fen.{one}": "￥88.50", f"weight_g.{one}": "1.25", f"on_hand.{one}": "1,000"}
    right.pop(f"saleable.{two}")
    assert browser.post(url, right).status_code == 302
    made = skus(desk)
    assert (made["C1"].price_fen, made["C1"].weight_g, made["C2"].saleable) == (8_850, 1_250, False)
    with merchant_scope(desk.shop.merchant_id):
        assert Stock.objects.get(sku_id=one).on_hand == 1_000


def test_two_people_at_one_grid(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    url = desk.url("product_grid", product_id=product.id)
    mine, theirs = form_of(browser.get(url), ids), form_of(browser.get(url), ids)
    browser.post(url, {**theirs, f"price_fen.{ids[0]}": "77"})
    late = browser.post(url, {**mine, f"price_fen.{ids[0]}": "66", f"code.{ids[1]}": "NEW"})
    assert late.status_code == 409 and "77.00" in text_of(late) and 'value="66"' in text_of(late)
    assert skus(desk)["C1"].price_fen == 7_700 and "NEW" not in skus(desk)
    again = {**mine, f"price_fen.{ids[0]}": "66", f"code.{ids[1]}": "NEW", "was": late.context["was"]}
    assert browser.post(url, again).status_code == 302
    assert skus(desk)["C1"].price_fen == 6_600 and "NEW" in skus(desk)


def test_filling_changes_nothing_until_it_is_saved(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    url = desk.url("product_grid", product_id=product.id)
    sent = form_of(browser.get(url), ids)
    fill = {"fill": "1", "fill.where": "0:红", "fill.price_fen": "55", "fill.saleable": "no"}
    filled = browser.post(url, {**sent, **fill})
    assert filled.status_code == 200 and skus(desk)["C1"].price_fen == 10_000
    browser.post(url, form_of(filled, ids))
    prices = {code: (sku.price_fen, sku.saleable) for code, sku in skus(desk).items()}
    assert prices == {"C1": (5_500, False), "C2": (5_500, False), "C3": (10_000, True), "C4": (10_000, True)}


@pytest.mark.parametrize("was", ["", "[]", "null", "{", json.dumps({"x": 1}), json.dumps({"0": [None] * 8})])
def test_a_forged_past_breaks_nothing(desk: Desk, browser: Client, was: str) -> None:
    product, ids = cup_of(desk)
    url = desk.url("product_grid", product_id=product.id)
    sent = form_of(browser.get(url), ids)
    assert browser.post(url, {**sent, f"price_fen.{ids[0]}": "99", "was": was}).status_code == 302
    assert skus(desk)["C1"].price_fen == 9_900


def test_options_are_seen_before_they_are_made(desk: Desk, browser: Client) -> None:
    product, _ = cup_of(desk)
    url = desk.url("product_options", product_id=product.id)
    page = browser.get(url)
    sent = {
        "version": page.context["version"],
        "named.0": "颜色", "name.0": "颜色", "was.0.0": "红", "value.0.0": "朱",
        "was.0.1": "白", "value.0.1": "",
        "named.1": "大小", "name.1": "大小", "was.1.0": "小", "value.1.0": "小",
        "was.1.1": "大", "value.1.1": "大",
        "more.0": "蓝，绿",
    }  # fmt: skip
    seen = browser.post(url, {**sent, "step": "preview"})
    shown = text_of(seen)
    assert all(word in shown for word in ("蓝 · 小", "绿 · 大", "白 · 小", "朱"))
    with merchant_scope(desk.shop.merchant_id):
        assert Sku.objects.filter(product=product, archived=False).count() == 4
    keys = [each["key"] for each in seen.context["fresh"]]
    save = {**sent, "step": "save", "seen": seen.context["seen"], "make": keys[:1], "price": "30"}
    moved = browser.post(url, {**save, "more.0": "紫"})
    assert moved.status_code == 200 and "紫 · 小" in text_of(moved), "another wish is seen first"
    assert browser.post(url, save).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        rows = Sku.objects.filter(product=product, archived=False).order_by("position")
        values = [(tuple(sku.option_values), int(sku.price_fen)) for sku in rows]
    assert values == [(("朱", "小"), 10_000), (("朱", "大"), 10_000), (("蓝", "小"), 3_000)]
    late = browser.post(url, save)
    assert late.status_code == 200, "the plan is another one now, so it is shown"


def test_pictures_from_upload_to_removal_and_back(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    url = desk.url("product_pictures", product_id=product.id)
    files = [io.BytesIO(drawn("red")), io.BytesIO(drawn("blue")), io.BytesIO(b"none")]
    for number, file in enumerate(files):
        file.name = f"{number}.png"  # type: ignore[attr-defined]  # what an upload is called
    answer = browser.post(url, {"do": "upload", "pictures": files}, follow=True)
    assert "2.png" in text_of(answer)
    with merchant_scope(desk.shop.merchant_id):
        one, two = ProductImage.objects.order_by("position").values_list("id", flat=True)
    saved = {"do": "save", "cover": two, f"alt.{one}": "红杯", f"alt.{two}": "蓝杯", f"sku.{ids[0]}": one}
    browser.post(url, saved)
    with merchant_scope(desk.shop.merchant_id):
        rows = list(ProductImage.objects.order_by("position").values_list("id", "alt"))
        assert rows == [(two, "蓝杯"), (one, "红杯")]
        assert Sku.objects.get(pk=ids[0]).image_id == one
    browser.post(url, {"do": "remove", "picture": [one]})
    with merchant_scope(desk.shop.merchant_id):
        assert ProductImage.objects.get(pk=one).state == "removed"
    browser.post(url, {"do": "restore", "picture": [one]})
    with merchant_scope(desk.shop.merchant_id):
        assert ProductImage.objects.get(pk=one).state == "ready"
    assert browser.post(url, {"do": "upload"}).status_code == 422


def test_prices_in_bulk_from_preview_to_undo(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    url = desk.url("bulk_prices")
    assert "杯" in text_of(browser.get(url, {"product": product.id}))
    form = {"how": "percent", "value": "-15", "ending": "90", "compare": "keep", "note": "换季"}
    sent = {**form, "scope": "", "product": [product.id]}
    assert browser.post(url, {**sent, "value": "much"}).status_code == 422
    seen = browser.post(url, {**sent, "step": "preview"})
    assert "84.90" in text_of(seen) and skus(desk)["C1"].price_fen == 10_000
    stale = browser.post(
        url, {**sent, "value": "-16", "step": "do", "seen": seen.context["preview"].fingerprint}
    )
    assert stale.status_code == 409 and skus(desk)["C1"].price_fen == 10_000
    done = browser.post(url, {**sent, "step": "do", "seen": seen.context["preview"].fingerprint})
    sweep_batches(clock.now(), 10_000)
    assert {sku.price_fen for sku in skus(desk).values()} == {8_490}
    page = text_of(browser.get(done["Location"]))
    assert "换季" in page and "84.90" in page
    sku_page = text_of(browser.get(desk.url("sku", product_id=product.id, sku_id=ids[0])))
    assert "换季" in sku_page and "owner 同事" in sku_page
    with merchant_scope(desk.shop.merchant_id):
        batch = GoodsBatch.objects.get()
    browser.post(desk.url("batch_undo", batch_id=batch.id))
    sweep_batches(clock.now(), 10_000)
    assert {sku.price_fen for sku in skus(desk).values()} == {10_000}
    again = browser.post(desk.url("batch_undo", batch_id=batch.id))
    assert again.status_code == 409


def test_a_price_is_planned_seen_and_cancelled(desk: Desk, browser: Client) -> None:
    product, ids = cup_of(desk)
    when = f"{clock.now() + timedelta(hours=10):%Y-%m-%dT%H:%M}"
    sent = {"how": "set", "value": "66", "compare": "keep", "due_at": when, "scope": "", "sku": [ids[0]]}
    seen = browser.post(desk.url("bulk_prices"), {**sent, "step": "preview"})
    done = browser.post(
        desk.url("bulk_prices"), {**sent, "step": "do", "seen": seen.context["preview"].fingerprint}
    )
    page = desk.url("sku", product_id=product.id, sku_id=ids[0])
    assert "66.00" in text_of(browser.get(page)) and "66.00" in text_of(browser.get(done["Location"]))
    assert done["Location"] in text_of(browser.get(desk.url("batches")))
    cancel = done["Location"].rstrip("/") + "/cancel"
    assert browser.post(cancel).status_code == 302 and browser.post(cancel).status_code == 409
    assert "66.00" not in text_of(browser.get(page))
    past = {**sent, "due_at": "2020-01-01T00:00", "step": "preview"}
    assert browser.post(desk.url("bulk_prices"), past).status_code == 422


def test_a_flash_sale_is_named_in_the_preview(desk: Desk, browser: Client) -> None:
    make_flash(desk.shop, 9_000)
    sent = {"how": "set", "value": "80", "compare": "keep", "scope": "all", "step": "preview"}
    seen = browser.post(desk.url("bulk_prices"), sent)
    assert [line.refused for line in seen.context["preview"].lines] == ["price_below_offer"]
    price = desk.url("price", product_id=_tea(desk), sku_id=desk.shop.skus[0])
    assert browser.post(price, {"price": "80"}).status_code == 409


def _tea(desk: Desk) -> UUID:
    with merchant_scope(desk.shop.merchant_id):
        return Sku.objects.get(pk=desk.shop.skus[0]).product_id


def test_many_are_hidden_and_shown_again(desk: Desk, browser: Client) -> None:
    cup_of(desk)
    sent = {"do": "hide", "scope": "all"}
    seen = browser.post(desk.url("bulk_switch"), sent)
    done = browser.post(
        desk.url("bulk_switch"), {**sent, "step": "do", "seen": seen.context["preview"].fingerprint}
    )
    with merchant_scope(desk.shop.merchant_id):
        assert not Product.objects.filter(published=True).exists()
    browser.post(done["Location"].rstrip("/") + "/undo")
    sweep_batches(clock.now(), 10_000)
    with merchant_scope(desk.shop.merchant_id):
        assert Product.objects.filter(published=True).count() == 2


def test_a_count_of_many(desk: Desk, browser: Client) -> None:
    _, ids = cup_of(desk)
    url = desk.url("stock_take")
    page = text_of(browser.get(url))
    assert str(ids[3]) in page
    place_order(desk.shop, 4)
    tea = desk.shop.skus[0]
    sent = {"sku": [*ids, tea], **{f"was.{id}": "0" for id in ids}, f"was.{tea}": "10"}
    wrong = browser.post(url, {**sent, f"counted.{ids[0]}": "7", f"counted.{tea}": "3"})
    assert wrong.status_code == 422 and 'value="7"' in text_of(wrong)
    with merchant_scope(desk.shop.merchant_id):
        set_on_hand({ids[1]: 5}, node_id=desk.shop.node_id, reason="count", actor=desk.shop.owner)
    late = browser.post(url, {**sent, f"counted.{ids[0]}": "7", f"counted.{ids[1]}": "9"})
    assert late.status_code == 409
    with merchant_scope(desk.shop.merchant_id):
        assert not Stock.objects.filter(sku_id=ids[0], on_hand__gt=0).exists()
    assert browser.post(url, {**sent, f"counted.{ids[0]}": "7", f"counted.{tea}": "4"}).status_code == 302
    shown = text_of(browser.get(desk.url("stocks"), {"q": "C1"}))
    assert ">C1<" in shown and ">C2<" not in shown
    assert ">C2<" in text_of(browser.get(desk.url("stocks"), {"show": "low"}))


def test_an_import_is_undone_and_the_catalogue_is_a_file(desk: Desk, browser: Client) -> None:
    shop = desk.shop
    stream = io.BytesIO(CSV.encode())
    run = queue_import(shop.merchant_id, stream, file_name="p.csv", currency="CNY", actor=shop.owner)
    run_import(shop.merchant_id, run.id)
    undo = desk.url("import_undo", run_id=run.id)
    assert undo in text_of(browser.get(desk.url("import", run_id=run.id)))
    assert browser.get(undo).status_code == 200
    assert browser.post(undo).status_code == 302
    sweep_undone_imports(clock.now(), 10_000)
    with merchant_scope(shop.merchant_id):
        assert ImportRun.objects.get(pk=run.id).state == "undone"
        assert Product.objects.get(handle="tea-1").title == "云雾茶 1"
        assert PriceChange.objects.filter(sku_id=shop.skus[0]).count() == 3
    assert browser.get(desk.url("import", run_id=run.id)).status_code == 200
    assert browser.get(undo).status_code == 404
    file = browser.get(desk.url("products_file"))
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]  # it is a streamed answer
    report = bring_in(shop, io.BytesIO(content))
    assert report.counts.products_unchanged == report.counts.products == 2


def test_an_import_of_long_ago_is_not_offered_to_be_undone(desk: Desk, browser: Client) -> None:
    shop = desk.shop
    stream = io.BytesIO(CSV.encode())
    run = queue_import(shop.merchant_id, stream, file_name="p.csv", currency="CNY", actor=shop.owner)
    run_import(shop.merchant_id, run.id)
    page, undo = desk.url("import", run_id=run.id), desk.url("import_undo", run_id=run.id)
    until = localtime(clock.now() + UNDO_FOR)
    assert f"{until:%Y-%m-%d}" in text_of(browser.get(page))
    with merchant_scope(shop.merchant_id):
        ImportRun.objects.filter(pk=run.id).update(finished_at=clock.now() - UNDO_FOR)
    assert undo not in text_of(browser.get(page))
    assert browser.get(undo).status_code == 404
    assert browser.post(undo).status_code == 404


def test_a_product_leads_to_everything_that_changes_it(desk: Desk, browser: Client) -> None:
    product, _ = cup_of(desk)
    url = desk.url("product", product_id=product.id)
    page = text_of(browser.get(url))
    for name in ("product_edit", "product_grid", "product_options", "product_pictures", "goods_kind"):
        assert desk.url(name, product_id=product.id) in page
    seen = text_of(desk.client(Role.READ_ONLY).get(url))
    assert desk.url("product_grid", product_id=product.id) not in seen
    listed = text_of(browser.get(desk.url("products")))
    assert f'value="{product.id}"' in listed and desk.url("bulk_prices") in listed
    assert 'form="bulk"' not in text_of(desk.client(Role.READ_ONLY).get(desk.url("products")))


def test_staff_say_what_cannot_be_given_back_and_find_it_again(desk: Desk, browser: Client) -> None:
    with merchant_scope(desk.shop.merchant_id):
        product = Product.objects.get(handle="tea-1")
    page = desk.url("returns", product_id=product.id)
    english = {"accept-language": "en"}
    html = browser.get(page, headers=english).content.decode()
    assert "<optgroup" in html and "Fresh and perishable" in html
    assert browser.post(page, {"exclusion": "made_up"}).status_code == 422
    assert browser.post(page, {"exclusion": "perishable"}).status_code == 302
    shown = browser.get(desk.url("product", product_id=product.id), headers=english).content.decode()
    assert "Fresh and perishable" in shown
    found = browser.get(desk.url("products") + "?returns=perishable").content.decode()
    assert product.title in found
    none = browser.get(desk.url("products") + "?returns=value_drops").content.decode()
    assert f">{product.title}<" not in none
    assert browser.post(page, {"exclusion": ""}).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert Product.objects.get(pk=product.id).return_exclusion == ""
