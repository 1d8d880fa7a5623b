"""Waybills out of a sheet: read whatever the sheet looks like, checked line by line, nothing guessed."""

from __future__ import annotations

import pytest

from tests.trade.shipping.support import PaidOrder, Shop
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.waybills import (
    LARGEST,
    TooManyWaybills,
    UnreadableWaybills,
    carrier_code,
    decode,
    read_waybills,
    wishes_of,
)


def number_of(shop: Shop, order: PaidOrder) -> str:
    with shop.scope():
        return Order.objects.values_list("number", flat=True).get(id=order.id)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("顺丰", "shunfeng"),
        ("SF Express", "shunfeng"),
        ("中通快递", "zhongtong"),
        ("JD", "jd"),
        ("pigeon", ""),
    ],
)
def test_carriers_by_any_usual_name(said: str, code: str) -> None:
    assert carrier_code(said) == code


@pytest.mark.parametrize("mark", ["\t", ",", " ", "，", ";"])
def test_lines_of_any_sheet(shop: Shop, mark: str) -> None:
    order = shop.paid_order(2)
    number = number_of(shop, order)
    text = f"订单号{mark}快递{mark}单号\n\n{number}{mark}顺丰{mark}sf1234567890\n"
    with shop.scope():
        (line,) = read_waybills(text)
    assert (line.line, line.order_id, line.carrier, line.waybill_no) == (
        3,
        order.id,
        "shunfeng",
        "SF1234567890",
    )
    assert line.units == 2 and line.wrong == ""
    (wish,) = wishes_of([line])
    assert (wish.order_id, wish.carrier, wish.waybill_no) == (order.id, "shunfeng", "SF1234567890")


def test_two_columns_take_the_chosen_carrier(shop: Shop) -> None:
    number = number_of(shop, shop.paid_order(1))
    with shop.scope():
        (line,) = read_waybills(f"{number}\tZT1234567890", "zhongtong")
        (none,) = read_waybills(f"{number}\tZT1234567890")
    assert (line.carrier, line.wrong) == ("zhongtong", "")
    assert none.wrong == "carrier" and wishes_of([none]) == []


def test_each_line_says_what_is_wrong(shop: Shop) -> None:
    orders = [shop.paid_order(1) for _ in range(6)]
    apart, packed = shop.paid_order(1, 1, nodes=2), shop.paid_order(1)
    shop.pack(packed, "SF0000000001", "shunfeng")
    a, b, c, d, e, f = (number_of(shop, order) for order in orders)
    with shop.scope():
        Order.objects.filter(number=f).update(confirm_by=None)
    lines = [
        f"{a},顺丰,SF1000000001",
        f"{a},顺丰,SF1000000002",
        f"{b},顺丰,SF1000000001",
        f"{c},pigeon,SF1000000003",
        f"{d},顺丰,12",
        f"{e},顺丰,SF0000000001",
        f"{number_of(shop, apart)},顺丰,SF1000000004",
        f"{number_of(shop, packed)},顺丰,SF1000000005",
        "999999999999999999,顺丰,SF1000000006",
        "hello1,顺丰,SF1000000007",
    ]
    with shop.scope():
        found = read_waybills("\n".join(lines))
    assert [line.wrong for line in found] == [
        "",
        "twice",
        "twice",
        "carrier",
        "waybill",
        "taken",
        "apart",
        "nothing",
        "order",
        "number",
    ]


def test_a_neighbours_order_is_unknown(shop: Shop) -> None:
    other = Shop()
    number = number_of(other, other.paid_order(1))
    with shop.scope():
        (line,) = read_waybills(f"{number},顺丰,SF1000000001")
    assert (line.wrong, line.order_id) == ("order", None)


@pytest.mark.pure
def test_files_as_sheets_save_them() -> None:
    assert decode("订单号".encode("gb18030")) == decode("订单号".encode("utf-8-sig")) == "订单号"
    with pytest.raises(UnreadableWaybills):
        decode(b"\xff\xff\xff")
    with pytest.raises(TooManyWaybills):
        decode(b"1" * (LARGEST + 1))


def test_too_many_and_what_is_no_text(shop: Shop) -> None:
    with shop.scope():
        with pytest.raises(TooManyWaybills):
            read_waybills("\n".join(f"{n},顺丰,SF{n:010}" for n in range(501)))
        with pytest.raises(UnreadableWaybills):
            read_waybills("1\x00,2")
        assert read_waybills("") == []
