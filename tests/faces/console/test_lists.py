"""Lists: paging by key, searching, bulk packing, imports with their preview, empty states, both languages."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.console.support import Desk, make_desk, paid_order, place_order
from tongdao.faces.console.reading.trend import trend
from tongdao.faces.console.table import PAGES
from tongdao.faces.lists.paging import Place
from tongdao.faces.lists.reading import items_of
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.wanted import page_of
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import run_reader
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.intake.models import ImportRun
from tongdao.goods.intake.operations import queue_import, run_import
from tongdao.party.merchants.models import Role
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import DispatchItem, Parcel
from tongdao.trade.shipping.operations import connect_carrier, pack_item

CSV = "Handle,Title,Variant Price\n" + "".join(f"good-{n},Good {n},{n}.50\n" for n in range(1, 4))
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def many(cluster: object) -> tuple[Desk, list[UUID]]:
    """A shop with seven orders, the oldest first; every other one is paid."""
    desk = make_desk(stock=50)
    make = (paid_order, place_order)
    return desk, [make[n % 2](desk.shop) for n in range(7)]


@pytest.mark.parametrize("state", ["", "paid", "placed", "to_ship", "day"])
def test_pages_of_orders_are_whole_in_both_directions(many: tuple[Desk, list[UUID]], state: str) -> None:
    desk, orders = many
    wanted = {"": orders, "day": orders, "placed": orders[1::2]}.get(state, orders[0::2])[::-1]
    asked = {"placed_from": "2020-01-01"} if state == "day" else {"state": state} if state else {}
    with merchant_scope(desk.shop.merchant_id):
        seen, place, back = [], Place(), []
        while True:
            page = page_of(LISTS["orders"], asked, place, 2)
            seen += [row.id for row in page.rows]
            assert page.newer is (place != Place())
            if not page.older:
                break
            place = Place(before=seen[-1])
        place = Place(after=seen[-1])
        while True:
            page = page_of(LISTS["orders"], asked, place, 2)
            back = [row.id for row in page.rows] + back
            assert page.older
            if not page.newer:
                break
            place = Place(after=back[0])
    assert seen == wanted
    assert back == wanted[:-1]


def test_an_order_is_found_by_its_number_or_the_beginning(many: tuple[Desk, list[UUID]]) -> None:
    desk, orders = many
    with merchant_scope(desk.shop.merchant_id):
        number = Order.objects.get(pk=orders[3]).number
    browser = desk.client()
    grouped = f"{number[:4]} {number[4:8]}-{number[8:]}"
    for typed, found in (
        (number, True),
        (number[:13], True),
        (grouped, True),
        (number + "1", False),
        ("x", False),
    ):
        page = browser.get(desk.url("orders"), {"q": typed}).content.decode().split("<main")[1]
        assert (str(orders[3]) in page) is found, typed


def test_a_list_asks_as_much_for_many_orders_as_for_few(many: tuple[Desk, list[UUID]]) -> None:
    few, spec = make_desk(), LISTS["orders"]
    paid_order(few.shop)
    counted = []
    for desk in (few, many[0]):
        with merchant_scope(desk.shop.merchant_id), CaptureQueriesContext(connection) as asked:
            rows = page_of(spec, {}, Place()).rows
            items_of(spec, rows, spec.columns)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_trend_counts_each_day_once() -> None:
    desk = make_desk(stock=50)
    now = clock.now()
    for days in (0, 1, 1, 13, 14):
        with clock.shifted(-timedelta(days=days)):
            paid_order(desk.shop)
    undone = paid_order(desk.shop)
    desk.client().post(desk.url("cancel", order_id=undone), {"reason": "other"})
    while run_reader("metrics.days", desk.shop.merchant_id):
        continue
    with merchant_scope(desk.shop.merchant_id):
        found = trend(now, 14)
    assert len(found.orders) == len(found.revenue) == len(found.visits) == 14
    assert [count for _, count in found.orders] == [1, *[0] * 11, 2, 2]
    assert (found.revenue_total, found.refunds_total) == (5 * 12_800, 0)  # the channel has not paid it yet


def test_many_are_packed_at_once_after_a_preview_and_one_refused_holds_up_no_other() -> None:
    desk = make_desk(stock=50)
    orders = [paid_order(desk.shop) for _ in range(3)]
    browser = desk.client(Role.OPERATIONS)
    ticked = {"order": [str(id) for id in orders], "carrier": "zhongtong"}
    blocked = browser.get(desk.url("pack"), ticked).content.decode()
    assert "disabled" in blocked and "notice-error" in blocked
    with merchant_scope(desk.shop.merchant_id):
        sender = Party("林", "057188880000", "杭州市")
        access = Access("http://127.0.0.1:9", "key", "secret", "customer", "partner")
        connect_carrier(access, sender, actor=desk.shop.owner)
    page = browser.get(desk.url("pack"), ticked).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key and page.count('name="order"') == 3
    with merchant_scope(desk.shop.merchant_id):
        assert not Parcel.objects.exists()
    desk.client().post(desk.url("cancel", order_id=orders[1]), {"reason": "other"})
    for _twice in range(2):
        answer = browser.post(desk.url("pack"), {**ticked, "key": key.group(1)})
        assert answer.status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        items = list(DispatchItem.objects.values_list("id", flat=True))
    assert len(items) == 3
    for item_id in items:
        pack_item(desk.shop.merchant_id, item_id)
    with merchant_scope(desk.shop.merchant_id):
        packed = set(Parcel.objects.values_list("order_id", flat=True))
        assert (packed, Parcel.objects.count()) == ({orders[0], orders[2]}, 2)
        number = Order.objects.get(pk=orders[1]).number
    assert number in browser.get(answer["Location"]).content.decode()


def test_a_file_is_previewed_then_imported_without_sending_it_again() -> None:
    desk = make_desk()
    browser, merchant_id = desk.client(), desk.shop.merchant_id
    file = SimpleUploadedFile("goods.csv", CSV.encode(), "text/csv")
    answer = browser.post(desk.url("imports"), {"file": file})
    path = answer["Location"]
    run_id = UUID(path.rsplit("/", 1)[1])
    assert 'http-equiv="refresh"' in browser.get(path).content.decode()
    assert run_import(merchant_id, run_id) == "done"
    with merchant_scope(merchant_id):
        assert Product.objects.count() == 1
    page = browser.get(path).content.decode()
    assert "refresh" not in page and "导入 3 个商品" in page
    answer = browser.post(path)
    real = UUID(answer["Location"].rsplit("/", 1)[1])
    assert real != run_id and run_import(merchant_id, real) == "done"
    with merchant_scope(merchant_id):
        assert Product.objects.count() == 4
    assert browser.post(path).status_code == 409  # its file is gone by now
    assert browser.post(answer["Location"]).status_code == 404  # no preview


def test_a_new_upload_lets_the_file_of_the_preview_before_it_go() -> None:
    desk = make_desk()
    actor = Actor("staff", desk.shop.owner_id)
    runs = []
    for _ in range(2):
        run = queue_import(
            desk.shop.merchant_id,
            io.BytesIO(CSV.encode()),
            file_name="g",
            currency="CNY",
            dry_run=True,
            actor=actor,
        )
        assert run_import(desk.shop.merchant_id, run.id) == "done"
        runs.append(run)
    browser = desk.client()
    assert browser.post(desk.url("import", run_id=runs[0].id)).status_code == 409
    assert browser.post(desk.url("import", run_id=runs[1].id)).status_code == 302


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b,c\n1,2,3\n"])
def test_a_file_that_is_none_is_refused_and_not_kept(content: bytes) -> None:
    desk = make_desk()
    browser = desk.client()
    file = SimpleUploadedFile("goods.csv", content, "text/csv")
    assert browser.post(desk.url("imports"), {"file": file}).status_code == 422
    assert browser.post(desk.url("imports")).status_code == 422
    with merchant_scope(desk.shop.merchant_id):
        assert not ImportRun.objects.exists()


def test_an_empty_shop_is_told_what_to_do_and_in_english_wholly() -> None:
    desk = make_desk(())
    browser = desk.client()
    browser.cookies["django_language"] = "en"
    for page in PAGES:
        if page.show and "<" not in page.path:
            answer = browser.get(desk.url(page.name))
            if answer.streaming:
                continue  # a file
            html = answer.content.decode()
            main = html.split("<main")[1]
            for name in ("山间茶舍", "同事", "浙江省杭州市西湖区"):  # such as a place is typed
                main = main.replace(name, "")
            assert not HAN.search(main), page.name
    assert "empty" in browser.get(desk.url("orders")).content.decode()


def test_nothing_in_chinese_is_left_in_english(many: tuple[Desk, list[UUID]]) -> None:
    """Every msgid of the console has a Chinese text of its own."""
    desk, orders = many
    browser = desk.client()
    allowed = re.compile(
        r"English|Shopify|CSV|SKU|WeChat|AppID|APIv3|PEM|mchid|MB|Key|Secret|ID|s/path|BEGIN|PUBLIC|PRIVATE|KEY"
    )
    for path in [desk.url(page.name) for page in PAGES if page.show and "<" not in page.path] + [
        desk.url("order", order_id=orders[0]),
        desk.url("ship", order_id=orders[0]),
        desk.url("cancel", order_id=orders[0]),
    ]:
        answer = browser.get(path)
        if answer.streaming:
            continue  # a file
        main = answer.content.decode().split("<main")[1]
        words = re.sub(r"<[^>]+>|&\w+;", " ", main)
        left = [
            word for word in re.findall(r"[A-Za-z]{3,}(?: [a-z]{2,})+", words) if not allowed.search(word)
        ]
        assert not left, (path, left)
