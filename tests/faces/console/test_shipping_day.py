"""Shipping many, waybills brought along, notes and paper at the desk: what is shown, what is refused."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.console.support import Desk, make_desk, paid_order
from tongdao.faces.console.telling import TITLES
from tongdao.foundation.events.definitions import vocabulary
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.notes.queries import flag_of, notes_of
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import Dispatch, DispatchItem, Parcel
from tongdao.trade.shipping.operations import connect_carrier, pack_item, pack_parcel

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def desk() -> Desk:
    return make_desk(stock=50)


def connect(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        access = Access("http://127.0.0.1:9", "key", "secret", "customer", "partner")
        connect_carrier(access, Party("林", "057188880000", "杭州市"), actor=desk.shop.owner)


def number_of(desk: Desk, order_id: UUID) -> str:
    with merchant_scope(desk.shop.merchant_id):
        return Order.objects.values_list("number", flat=True).get(id=order_id)


def shown(browser: Client, path: str, **query: object) -> str:
    answer = browser.get(path, query, headers=ENGLISH)
    assert answer.status_code == 200
    return answer.content.decode()


def work(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        items = list(DispatchItem.objects.filter(state="queued").values_list("id", flat=True))
    for item_id in items:
        pack_item(desk.shop.merchant_id, item_id)


def test_all_that_match_are_previewed_with_what_is_left_out(desk: Desk) -> None:
    connect(desk)
    orders = [paid_order(desk.shop) for _ in range(3)]
    browser = desk.client(Role.OPERATIONS)
    page = shown(browser, desk.url("pack"), all="1", carrier="zhongtong")
    assert page.count('name="order"') == 3
    with merchant_scope(desk.shop.merchant_id):
        cancel_order(orders[1], reason="other", actor=desk.shop.owner)
    page = shown(browser, desk.url("pack"), order=[str(id) for id in orders], carrier="zhongtong")
    assert page.count('name="order"') == 2
    assert "1 order is left out" in page and "Not paid, or over already" in page
    late = shown(browser, desk.url("to_ship"), due="late")
    assert "Nothing to ship" in late


def test_a_dispatch_tells_how_far_it_is_and_tries_again(desk: Desk) -> None:
    connect(desk)
    browser = desk.client(Role.OPERATIONS)
    kept, lost = paid_order(desk.shop), paid_order(desk.shop)
    typed = {"order": [str(kept), str(lost)], "carrier": "zhongtong", "key": "a" * 32}
    there = browser.post(desk.url("pack"), typed)["Location"]
    assert "0 of 2" in shown(browser, there)
    with merchant_scope(desk.shop.merchant_id):
        pack_parcel(lost, "all", "shunfeng", "SF0000000009", actor=desk.shop.owner)
    work(desk)
    page = shown(browser, there)
    assert "Not shipped" in page and "Waybill asked for" in page and "Try 1 again" in page
    home = shown(browser, desk.url("home"))
    assert "Orders not shipped" not in home  # by now it is shipped by other means
    assert browser.post(f"{there}/retry").status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert DispatchItem.objects.filter(state="queued").count() == 1
    assert "Booked with the carrier" in shown(browser, desk.url("dispatches"))


def test_what_nobody_else_shipped_stands_at_home(desk: Desk) -> None:
    connect(desk)
    order = paid_order(desk.shop)
    typed = {"order": [str(order)], "carrier": "zhongtong", "key": "b" * 32}
    desk.client(Role.OPERATIONS).post(desk.url("pack"), typed)
    with merchant_scope(desk.shop.merchant_id):
        DispatchItem.objects.update(state="refused", refusal="several_shippers")
    home = shown(desk.client(Role.OPERATIONS), desk.url("home"))
    assert "Orders not shipped" in home


def test_waybills_are_looked_at_and_shipped_once(desk: Desk) -> None:
    number = number_of(desk, paid_order(desk.shop))
    browser = desk.client(Role.OPERATIONS)
    lines = f"{number}\tSF Express\tSF1234567890\n42\tpigeon\tx"
    answer = browser.post(desk.url("waybills"), {"lines": lines}, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Ship 1 order" in page and "No order has this number" in page
    with merchant_scope(desk.shop.merchant_id):
        assert not Dispatch.objects.exists()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key
    for _twice in range(2):
        sent = browser.post(desk.url("waybills"), {"lines": lines, "step": "ship", "key": key.group(1)})
        assert sent.status_code == 302
    work(desk)
    with merchant_scope(desk.shop.merchant_id):
        assert Parcel.objects.values_list("waybill_no", "state").get() == ("SF1234567890", "shipped")


def test_a_file_of_waybills_and_a_wrong_one(desk: Desk) -> None:
    number = number_of(desk, paid_order(desk.shop))
    browser = desk.client(Role.OPERATIONS)
    good = SimpleUploadedFile("w.csv", f"订单号,快递,单号\n{number},顺丰,SF1234567890".encode("gb18030"))
    page = browser.post(desk.url("waybills"), {"file": good}, headers=ENGLISH).content.decode()
    assert "Ship 1 order" in page and number in page
    bad = SimpleUploadedFile("w.csv", b"\xff\xff\xff")
    answer = browser.post(desk.url("waybills"), {"file": bad}, headers=ENGLISH)
    assert answer.status_code == 422 and "Nothing was shipped" in answer.content.decode()


@pytest.mark.parametrize("page", ["labels", "packing_list", "delivery_notes"])
def test_paper(desk: Desk, page: str) -> None:
    order = paid_order(desk.shop)
    browser = desk.client(Role.OPERATIONS)
    blank = shown(browser, desk.url(page), order=str(order))
    assert "Nothing to print" in blank and "data-print" not in blank and desk.url("to_ship") in blank
    with merchant_scope(desk.shop.merchant_id):
        parcel = pack_parcel(order, "all", "shunfeng", "SF1234567890", actor=desk.shop.owner)
    for query in ({"order": str(order)}, {"parcel": str(parcel.parcel_id)}):
        paper = shown(browser, desk.url(page), **query)
        assert "Nothing to print" not in paper and "data-print" in paper
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", paper)
    assert "style=" not in paper and "<script>" not in paper
    assert desk.client(Role.READ_ONLY).get(desk.url(page)).status_code == 403


def test_notes_and_flags_at_the_desk(desk: Desk) -> None:
    order = paid_order(desk.shop)
    browser = desk.client(Role.SERVICE)
    there = desk.url("note", order_id=order)
    assert browser.post(there, {"text": "<b>送人</b>", "pin": "1"}).status_code == 302
    assert browser.post(desk.url("flag", order_id=order), {"flag": "red"}).status_code == 302
    page = shown(browser, desk.url("order", order_id=order))
    assert "&lt;b&gt;送人" in page and "Red flag" in page and "Note written" in page
    for path in ("to_ship", "orders"):
        assert "送人" in shown(browser, desk.url(path))
    refused = browser.post(there, {"text": " "}, headers=ENGLISH)
    assert refused.status_code == 422
    with merchant_scope(desk.shop.merchant_id):
        (note,) = notes_of(order)
        assert note.pinned and flag_of(order) == "red"
    assert (
        browser.post(desk.url("note_pin", order_id=order, note_id=note.note_id), {"off": "1"}).status_code
        == 302
    )
    with merchant_scope(desk.shop.merchant_id):
        assert not notes_of(order)[0].pinned
    reader = desk.client(Role.READ_ONLY)
    assert reader.post(there, {"text": "x"}).status_code == 403
    assert "New note" not in shown(reader, desk.url("order", order_id=order))


def test_a_typed_parcel_is_taken_back(desk: Desk) -> None:
    order = paid_order(desk.shop)
    browser = desk.client(Role.OPERATIONS)
    with merchant_scope(desk.shop.merchant_id):
        parcel = pack_parcel(order, "all", "shunfeng", "SF1234567890", actor=desk.shop.owner)
    there = desk.url("parcel_cancel", order_id=order, parcel_id=parcel.parcel_id)
    assert "the number is free again" in shown(browser, there)
    assert browser.post(there).status_code == 302
    page = shown(browser, desk.url("order", order_id=order))
    assert "Taken back before the carrier" in page and "Ship 1 unit" in page
    assert browser.post(there, headers=ENGLISH).status_code == 409


def test_every_event_of_an_order_has_words() -> None:
    nouns = ("order.", "payment.", "refund.", "parcel.", "after_sale.", "delivery_address.", "buying_group.")
    names = {name for name in vocabulary() if name.startswith((*nouns, "review."))}
    assert names - TITLES.keys() == set()


def test_the_trend_of_seven_fourteen_and_thirty_days(desk: Desk) -> None:
    paid_order(desk.shop)
    browser = desk.client(Role.OPERATIONS)
    for days in (7, 14, 30):
        page = shown(browser, desk.url("home"), days=str(days))
        assert f"Visits in {days} days: 0" in page and page.count("<figure") == 4
        assert page.count("<tbody>") == 4
    assert "Visits in 14 days" in shown(browser, desk.url("home"), days="9999")
