"""Many orders shipped in one go: each once, whatever happens in between; what fails says why."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from tests.conftest import Cluster
from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import EVERY_PARCEL, ON_HAND, STAFF, PaidOrder, Shop
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.trade.shipping.models import DispatchItem, Parcel
from tongdao.trade.shipping.operations import (
    Wish,
    book_parcel,
    cancel_parcel,
    pack_item,
    retry_dispatch,
    start_dispatch,
    sweep_dispatches,
    sweep_parcels,
)
from tongdao.trade.shipping.queries import (
    DispatchView,
    delivery_notes,
    dispatch_view,
    dispatches,
    failed_dispatches,
    labels,
    packing_list,
    printable,
)
from tongdao.trade.shipping.refusals import (
    BadWaybill,
    CarrierNotConnected,
    NothingToDispatch,
    SeveralShippers,
    TooManyToDispatch,
    UnknownCarrier,
)

PROGRAM = """
import django
django.setup()
from datetime import timedelta
from tongdao.foundation import clock
from tongdao.trade.shipping.operations import sweep_dispatches
while True:
    sweep_dispatches(clock.now() + timedelta(hours=1), limit=3)
"""


def start(shop: Shop, orders: list[PaidOrder], carrier: str = "zhongtong", key: str = "") -> UUID:
    with shop.scope():
        wishes = [Wish(order.id, carrier) for order in orders]
        return start_dispatch(wishes, actor=STAFF, key=key)


def view(shop: Shop, dispatch_id: UUID) -> DispatchView:
    with shop.scope():
        return dispatch_view(dispatch_id)


def work(shop: Shop, dispatch_id: UUID) -> DispatchView:
    """What the sweeps do, for this dispatch only: others of the session may wait too."""
    with shop.scope():
        queued = list(DispatchItem.objects.filter(dispatch_id=dispatch_id, state="queued"))
    for item in queued:
        pack_item(shop.merchant_id, item.id)
    with shop.scope():
        asked = list(Parcel.objects.filter(state="requested").values_list("id", flat=True))
    for parcel_id in asked:
        book_parcel(shop.merchant_id, parcel_id)
    return view(shop, dispatch_id)


def test_a_dispatch_ships_each_order(connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint) -> None:
    orders = [connected.paid_order(2), connected.paid_order(1, 3)]
    dispatch_id = start(connected, orders)
    before = view(connected, dispatch_id)
    assert before.running and before.count("waiting") == 2
    after = work(connected, dispatch_id)
    assert [item.progress for item in after.items] == ["shipped", "shipped"] and not after.running
    assert [item.order_id for item in after.items] == [order.id for order in orders]
    assert connected.stock(orders[0]) == (ON_HAND - 2, 0, ON_HAND - 2)
    assert connected.events(dispatch_id) == ["dispatch.started"]
    with connected.scope():
        (row,) = dispatches()
        assert (row.total, row.shipped, row.failed) == (2, 2, 0)
        assert failed_dispatches() == {}
        ids = printable(dispatch_id=dispatch_id)
        assert [label.waybill_no for label in labels(ids)] == [item.waybill_no for item in after.items]


def test_the_sweeps_of_the_worker_do_it(connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint) -> None:
    dispatch_id = start(connected, [connected.paid_order(1)])
    sweep_dispatches(clock.now() + timedelta(minutes=2), limit=EVERY_PARCEL)
    sweep_parcels(clock.now() + timedelta(minutes=2), limit=EVERY_PARCEL)
    assert view(connected, dispatch_id).count("shipped") == 1


def test_what_cannot_be_packed_says_why_and_is_tried_again(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    good, apart = connected.paid_order(1), connected.paid_order(1, 1, nodes=2)
    dispatch_id = start(connected, [good, apart])
    after = work(connected, dispatch_id)
    assert [item.progress for item in after.items] == ["shipped", "failed"]
    assert after.items[1].text == SeveralShippers().message
    with connected.scope():
        assert failed_dispatches() == {dispatch_id: 1}
        assert retry_dispatch(dispatch_id, actor=STAFF) == 1
        assert retry_dispatch(dispatch_id, actor=STAFF) == 0
    again = work(connected, dispatch_id)
    assert [item.progress for item in again.items] == ["shipped", "failed"]
    assert connected.stock(good) == (ON_HAND - 1, 0, ON_HAND - 1)


def test_what_the_carrier_refuses_is_tried_again(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    order = connected.paid_order(1)
    connected.connect(sandbox.access(partner_id="nobody"))
    dispatch_id = start(connected, [order])
    assert work(connected, dispatch_id).items[0].progress == "failed"
    connected.connect(sandbox.access())
    with connected.scope():
        assert retry_dispatch(dispatch_id, actor=STAFF) == 1
    assert work(connected, dispatch_id).items[0].progress == "shipped"
    assert connected.stock(order) == (ON_HAND - 1, 0, ON_HAND - 1)


def test_what_was_taken_back_is_no_failure(connected: Shop, endpoint: Endpoint) -> None:
    dispatch_id = start(connected, [connected.paid_order(1)])
    parcel_id = work(connected, dispatch_id).items[0].parcel_id
    assert parcel_id is not None
    with connected.scope():
        Parcel.objects.filter(id=parcel_id).update(booked=False)
        cancel_parcel(parcel_id, actor=STAFF)
    assert view(connected, dispatch_id).items[0].progress == "taken_back"
    with connected.scope():
        assert printable(dispatch_id=dispatch_id) == [] and failed_dispatches() == {}


def test_one_key_starts_one_dispatch(connected: Shop) -> None:
    orders, key = [connected.paid_order(1)], uuid7().hex
    assert start(connected, orders, key=key) == start(connected, orders, key=key)


def test_typed_waybills(shop: Shop) -> None:
    order = shop.paid_order(2)
    with shop.scope():
        wishes = [Wish(order.id, "shunfeng", "SF1234567890")]
        dispatch_id = start_dispatch(wishes, actor=STAFF)
    after = work(shop, dispatch_id)
    assert (after.items[0].progress, after.items[0].waybill_no) == ("shipped", "SF1234567890")
    assert after.typed


@pytest.mark.parametrize(
    ("carrier", "waybill", "refusal"),
    [
        ("pigeon", "", UnknownCarrier),
        ("shunfeng", "1", BadWaybill),
        ("shunfeng", "", CarrierNotConnected),
    ],
)
def test_nothing_begins_with_what_is_wrong(
    shop: Shop, carrier: str, waybill: str, refusal: type[Exception]
) -> None:
    with shop.scope(), pytest.raises(refusal):
        start_dispatch([Wish(shop_order(shop), carrier, waybill)], actor=STAFF)


def shop_order(shop: Shop) -> UUID:
    return uuid7()


def test_none_too_many_and_not_ones_own(connected: Shop) -> None:
    with connected.scope():
        with pytest.raises(NothingToDispatch):
            start_dispatch([], actor=STAFF)
        with pytest.raises(TooManyToDispatch):
            start_dispatch([Wish(uuid7(), "ems") for _ in range(501)], actor=STAFF)
        with pytest.raises(NotFound):
            start_dispatch([Wish(uuid7(), "ems")], actor=STAFF)


def test_two_workers_pack_once(connected: Shop) -> None:
    order = connected.paid_order(1)
    dispatch_id = start(connected, [order])
    with connected.scope():
        (item_id,) = DispatchItem.objects.filter(dispatch_id=dispatch_id).values_list("id", flat=True)

    def pack() -> None:
        try:
            pack_item(connected.merchant_id, item_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=pack) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connected.scope():
        assert Parcel.objects.filter(order_id=order.id).count() == 1
    assert view(connected, dispatch_id).count("failed") == 0


@pytest.mark.slow
def test_a_killed_worker_loses_and_doubles_nothing(
    connected: Shop, endpoint: Endpoint, cluster: Cluster
) -> None:
    orders = [connected.paid_order(1) for _ in range(20)]
    dispatch_id = start(connected, orders)
    kills, deadline = 0, time.monotonic() + 120
    while view(connected, dispatch_id).count("waiting") and time.monotonic() < deadline:
        left = view(connected, dispatch_id).count("waiting")
        program = subprocess.Popen([sys.executable, "-c", PROGRAM], env=cluster.environ)
        while view(connected, dispatch_id).count("waiting") > max(0, left - 7):
            time.sleep(0.02)
        program.kill()
        program.wait()
        kills += 1
    assert kills >= 2
    with connected.scope():
        packed = Parcel.objects.filter(order_id__in=[order.id for order in orders])
        assert packed.count() == packed.values("order_id").distinct().count() == 20
    after = work(connected, dispatch_id)
    assert after.count("shipped") == 20
    assert all(connected.stock(order) == (ON_HAND - 1, 0, ON_HAND - 1) for order in orders)


def test_labels_keep_the_waybill_rule(connected: Shop, endpoint: Endpoint) -> None:
    dispatch_id = start(connected, [connected.paid_order(1)])
    work(connected, dispatch_id)
    with connected.scope():
        (label,) = labels(printable(dispatch_id=dispatch_id))
    assert (label.receiver.name, label.receiver.phone) == ("张**", "1******5678")
    assert label.receiver.address.startswith("广东省深圳市") and label.receiver.address.endswith("****")
    assert "301" not in label.receiver.address and "2号" not in label.receiver.address
    assert label.sorting == "深圳市"  # what the carrier said
    assert label.sender is not None and "88880000" not in label.sender.phone


def test_lists_count_what_lies_in_the_parcels(connected: Shop, endpoint: Endpoint) -> None:
    dispatch_id = start(connected, [connected.paid_order(2), connected.paid_order(1, 3)])
    work(connected, dispatch_id)
    with connected.scope():
        ids = printable(dispatch_id=dispatch_id)
        assert [line.units for line in packing_list(ids)] == [6]  # one title, no codes: one shelf
        assert [note.units for note in delivery_notes(ids)] == [2, 4]
        assert printable(parcel_ids=[*ids, uuid7()]) == ids
