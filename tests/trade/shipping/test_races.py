"""Two who pack the same units at once, or pack and cancel. The last test shows what the lock is for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connections
from django.db.models import F, Sum

from tests.trade.shipping.support import ON_HAND, STAFF, PaidOrder, Shop
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.states import claim
from tongdao.goods.inventory.operations import release_reservations
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.orders.states import ORDER
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.operations import pack_parcel


def at_once(works: Sequence[Callable[[], object]]) -> list[str]:
    """Run each in a thread and a connection of its own; "done" or the refusal's code, in order."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait(30)
        try:
            work()
        except (Refusal, IntegrityError) as refused:
            return getattr(refused, "code", "integrity")
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def packs(shop: Shop, order: PaidOrder, units: int) -> Callable[[], None]:
    def work() -> None:
        waybill = f"YT{uuid7().int % 10**13:013d}"
        with shop.scope():
            pack_parcel(order.id, {order.allocations[0]: units}, "yuantong", waybill, actor=STAFF)

    return work


def in_parcels(shop: Shop, allocation: UUID) -> int:
    with shop.scope():
        items = ParcelItem.objects.filter(allocation_id=allocation)
        return items.aggregate(units=Sum("quantity"))["units"] or 0


@pytest.mark.parametrize("turn", range(5))
def test_two_pack_the_same_units(shop: Shop, turn: int) -> None:
    order = shop.paid_order(3)
    done = at_once([packs(shop, order, 3), packs(shop, order, 3)])
    assert sorted(done) == ["done", "nothing_left_to_ship"]
    assert in_parcels(shop, order.allocations[0]) == 3
    assert shop.stock(order) == (ON_HAND - 3, 0, ON_HAND - 3)


def test_seven_pack_single_units_of_five(shop: Shop) -> None:
    order = shop.paid_order(5)
    done = at_once([packs(shop, order, 1)] * 7)
    assert done.count("done") == 5
    assert in_parcels(shop, order.allocations[0]) == 5
    assert shop.stock(order) == (ON_HAND - 5, 0, ON_HAND - 5)
    with shop.scope():
        assert Order.objects.get(id=order.id).confirm_by is not None


@pytest.mark.parametrize("turn", range(5))
def test_packing_and_cancelling_exclude_each_other(shop: Shop, turn: int) -> None:
    order = shop.paid_order(2)

    def cancel() -> None:
        with shop.scope():
            lock_rows(Rank.ORDER, Order, [order.id])
            if not Allocation.objects.filter(line__order_id=order.id, packed__gt=0).exists():
                claim(ORDER, "paid", "cancelled", Order, [order.id])
                Allocation.objects.filter(line__order_id=order.id).update(cancelled=F("quantity"))
                release_reservations(order.allocations)

    done = at_once([packs(shop, order, 2), cancel])
    with shop.scope():
        state = Order.objects.get(id=order.id).state
        parcels = Parcel.objects.filter(order_id=order.id).count()
    if done[0] == "done":
        assert (state, parcels) == ("paid", 1)
        assert shop.stock(order) == (ON_HAND - 2, 0, ON_HAND - 2)
    else:
        assert (done[0], state, parcels) == ("order_not_shippable", "cancelled", 0)
        assert shop.stock(order) == (ON_HAND, 0, ON_HAND)


def naive(shop: Shop, order: PaidOrder, both_read: threading.Barrier, *, counted: bool) -> Callable[[], None]:
    """Packing as one would write it without the lock: read what is left, then write."""
    allocation = order.allocations[0]

    def work() -> None:
        with shop.scope():
            row = Allocation.objects.get(id=allocation)
            both_read.wait(30)
            if row.quantity - row.packed < 2:
                return
            now = clock.now()
            parcel = Parcel.objects.create(
                order_id=order.id,
                person_id=uuid7(),
                node_id=row.node_id,
                carrier="ems",
                callback_token=uuid7().hex,
                callback_salt="salt",
                requested_at=now,
            )
            ParcelItem.objects.create(parcel=parcel, allocation=row, quantity=2)
            packed = F("packed") + 2 if counted else row.packed + 2
            Allocation.objects.filter(id=allocation).update(packed=packed)

    return work


def test_without_the_lock_units_are_packed_twice(shop: Shop) -> None:
    order, both_read = shop.paid_order(2), threading.Barrier(2)
    done = at_once([naive(shop, order, both_read, counted=False)] * 2)
    assert done == ["done", "done"]
    assert in_parcels(shop, order.allocations[0]) == 4


def test_without_the_lock_the_tables_own_check_still_holds(shop: Shop) -> None:
    order, both_read = shop.paid_order(2), threading.Barrier(2)
    done = at_once([naive(shop, order, both_read, counted=True)] * 2)
    assert sorted(done) == ["done", "integrity"]
    assert in_parcels(shop, order.allocations[0]) == 2
