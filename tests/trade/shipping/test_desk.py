"""What buyers and the desk read, the carrier account, unmasking, and other merchants."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.utils.translation import override

from tests.trade.shipping.support import PHONE, SENDER, STAFF, STREET, Shop
from tongdao.foundation.actors import CARRIER
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import REGISTRY, NotFound
from tongdao.trade.shipping import refusals
from tongdao.trade.shipping.carriers import CARRIERS, STATUS_NAMES
from tongdao.trade.shipping.gateway import Access, Trace
from tongdao.trade.shipping.models import CarrierAccount
from tongdao.trade.shipping.operations import connect_carrier, pack_parcel, unmask_delivery
from tongdao.trade.shipping.operations.scanning import apply_trace, lock_parcel
from tongdao.trade.shipping.problems import problem_text
from tongdao.trade.shipping.queries import orders_to_ship, parcels_with_problems, shippable, trackings_of
from tongdao.trade.shipping.refusals import BadCarrierAccount
from tongdao.trade.shipping.traces import read_push

ACCESS = Access("http://127.0.0.1:9", "key-1", "secret-1", "customer-1", "partner-1")
LOCALE = Path(refusals.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"


def test_orders_wait_until_all_is_packed(shop: Shop) -> None:
    first, second = shop.paid_order(2, 1), shop.paid_order(1)
    with shop.scope():
        pack_parcel(first.id, {first.allocations[0]: 1}, "ems", "YT1111111111111", actor=STAFF)
        assert [(row.order_id, row.units_left) for row in orders_to_ship()] == [
            (first.id, 2),
            (second.id, 1),
        ]
        assert [row.order_id for row in orders_to_ship(limit=1, offset=1)] == [second.id]
        order = shippable(first.id)
        assert order is not None
        assert [(line.allocation_id, line.left) for line in order.lines] == [
            (first.allocations[0], 1),
            (first.allocations[1], 1),
        ]
        assert [parcel.waybill_no for parcel in order.parcels] == ["YT1111111111111"]
        assert order.recipient == "张**" and order.phone == "1******5678"
        assert order.area == "广东省深圳市南山区"
    shop.pack(first, "YT1111111111112")
    with shop.scope():
        assert [row.order_id for row in orders_to_ship()] == [second.id]


def test_tracking_says_what_comes_next(shop: Shop) -> None:
    order = shop.paid_order(1)
    parcel_id = shop.pack(order, "YT2222222222222", "yuantong")
    seen = []
    for minute, code in enumerate(["101", "1002", "5", "204", "501", "301"]):
        line = {"ftime": f"2026-11-21 10:{minute:02d}:00", "context": code, "statusCode": code}
        trace = read_push(json.dumps({"lastResult": {"data": [line]}}))
        with shop.scope():
            apply_trace(lock_parcel(parcel_id), replace(trace, carrier="yuantong"), actor=CARRIER)
            (tracking,) = trackings_of(order.id)
        seen.append((tracking.state, tracking.status_name, tracking.what_next))
        assert tracking.scans[0].text == code and tracking.next_by is not None
    assert [state for state, _, _ in seen] == ["shipped"] + ["in_transit"] * 4 + ["delivered"]
    assert len({what_next for _, _, what_next in seen}) == 6
    assert tracking.carrier_name == "圆通速递" and seen[-1][1] == "已签收"


def test_reading_an_address_is_on_record(shop: Shop) -> None:
    order = shop.paid_order(1)
    with shop.scope():
        party = unmask_delivery(order.id, actor=STAFF)
        assert (party.phone, party.address) == (PHONE, "广东省深圳市南山区" + STREET)
        event = Event.objects.get(name="delivery_address.unmasked")
        assert (event.actor, event.payload["order_id"]) == (STAFF.id, str(order.id))
    with pytest.raises(NotFound), shop.scope():
        unmask_delivery(uuid7(), actor=STAFF)


def test_a_new_account_ends_the_one_before(shop: Shop) -> None:
    first, second = shop.connect(ACCESS), shop.connect(replace(ACCESS, key="key-2"))
    with shop.scope():
        rows = {row.id: row for row in CarrierAccount.objects.all()}
    assert rows[second].effective_to is None and rows[second].key == "key-2"
    assert rows[first].effective_to == rows[second].effective_from


def test_keys_and_sender_are_sealed_in_the_database(shop: Shop) -> None:
    shop.connect(ACCESS)
    with shop.scope(), connection.cursor() as cursor:
        cursor.execute("select row_to_json(carrier_account)::text from carrier_account")
        text = cursor.fetchone()[0]
        cursor.execute("select key, secret, customer, partner_id, sender from carrier_account")
        sealed = b"".join(bytes(value) for value in cursor.fetchone())
    for plain in ("key-1", "secret-1", "customer-1", "partner-1", SENDER.phone):
        assert plain not in text and plain.encode() not in sealed


@pytest.mark.parametrize(
    "access",
    [
        replace(ACCESS, url="ftp://x"),
        replace(ACCESS, url="http://"),
        replace(ACCESS, url="http://[x"),
        replace(ACCESS, url="http://x/?a=b"),
        replace(ACCESS, url="http://" + "x" * 200),
        replace(ACCESS, key=""),
        replace(ACCESS, partner_id=""),
    ],
    ids=str,
)
def test_half_an_account_is_refused(shop: Shop, access: Access) -> None:
    with pytest.raises(BadCarrierAccount), shop.scope():
        connect_carrier(access, SENDER, actor=STAFF)


def test_another_merchant_sees_nothing(shop: Shop) -> None:
    order = shop.paid_order(1, 1)
    with shop.scope():
        pack_parcel(order.id, {order.allocations[0]: 1}, "ems", "YT3333333333333", actor=STAFF)
    with Shop().scope():
        assert orders_to_ship() == () and parcels_with_problems() == ()
        assert shippable(order.id) is None and trackings_of(order.id) == ()
        assert not CarrierAccount.objects.exists()


def test_scans_of_one_parcel_are_bounded(shop: Shop) -> None:
    parcel_id = shop.pack(shop.paid_order(1), "YT4444444444444")
    for hour in range(5):
        lines = [
            {"ftime": f"2026-11-21 {hour:02d}:{n // 60:02d}:{n % 60:02d}", "context": "x", "statusCode": "0"}
            for n in range(300)
        ]
        trace: Trace = read_push(json.dumps({"lastResult": {"data": lines}}))
        with shop.scope():
            apply_trace(lock_parcel(parcel_id), trace, actor=CARRIER)
    with shop.scope():
        (tracking,) = trackings_of(lock_parcel(parcel_id).order_id)
    assert len(tracking.scans) == 1000


def test_all_words_are_in_chinese() -> None:
    own = [each for each in REGISTRY.values() if each.__module__ == refusals.__name__]
    problems = ["gateway_down", "no_account", "waybill_taken", "track_lost", "gateway_503", "gateway_400"]
    problems += ["cancel_refused", "taken_back"]
    words: list[object] = [*CARRIERS.values(), *STATUS_NAMES.values()]
    with override("zh-hans"):
        shown = [str(each) for each in words] + [each().message for each in own]
        shown += [problem_text(each) for each in (*problems, "returned")]
    assert len(own) == 15
    plain = [text for text in shown if text.isascii() and text != "EMS"]
    assert plain == []
    assert "#, fuzzy" not in LOCALE.read_text("utf-8")
