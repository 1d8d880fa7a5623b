"""From a packed parcel to a delivered one, through the real sandbox and its real pushes."""

from __future__ import annotations

import socket
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import EVERY_PARCEL, ON_HAND, PHONE, SENDER, STAFF, Shop
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import ScopeNested
from tongdao.trade.orders.models import Allocation
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import Parcel, TrackingEvent
from tongdao.trade.shipping.operations import book_parcel, connect_carrier, sweep_parcels
from tongdao.trade.shipping.operations.booking import begin_booking
from tongdao.trade.shipping.queries import parcels_with_problems, trackings_of


def sweep_later(after: timedelta = timedelta(minutes=2)) -> None:
    sweep_parcels(clock.now() + after, limit=EVERY_PARCEL)


def check_is_due_first(shop: Shop, parcel_id: UUID) -> None:
    """Put the parcel before those of other tests."""
    with shop.scope():
        Parcel.objects.filter(id=parcel_id).update(check_at=clock.now() - timedelta(days=1))


def statuses(shop: Shop, parcel_id: UUID) -> list[str]:
    with shop.scope():
        rows = TrackingEvent.objects.filter(parcel_id=parcel_id).order_by("scanned_at", "id")
        return list(rows.values_list("status", flat=True))


@pytest.mark.parametrize("carrier", ["zhongtong", "shunfeng"])  # SF shows nothing without a phone number
def test_the_whole_way(connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint, carrier: str) -> None:
    order = connected.paid_order(2)
    parcel_id = connected.pack(order, carrier=carrier)
    book_parcel(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    assert [each["number"] for each in sandbox.parcels(parcel_id.hex)] == [parcel.waybill_no]
    assert parcel.state == "shipped" and parcel.problem == ""
    assert connected.stock(order) == (ON_HAND - 2, 0, ON_HAND - 2)
    sandbox.control("advance", number=parcel.waybill_no, steps=20)
    sandbox.control("flush")
    parcel = connected.parcel(parcel_id)
    assert (parcel.state, parcel.check_at, parcel.problem) == ("delivered", None, "")
    assert parcel.delivered_at is not None and parcel.delivered_at <= clock.now()
    assert set(endpoint.statuses(parcel.callback_token)) == {200}
    told = statuses(connected, parcel_id)
    assert told[:2] == ["ordered", "collected"] and told[-2:] == ["delivering", "delivered"]
    events = connected.events(parcel_id)
    assert events[:2] == ["parcel.requested", "parcel.shipped"] and events[-1] == "parcel.delivered"
    assert events.count("parcel.delivered") == 1
    with connected.scope():
        (tracking,) = trackings_of(order.id)
    assert tracking.scans[0].status == "delivered" and "签收" in tracking.scans[0].text


def test_the_waybill_carries_sender_and_receiver(connected: Shop, sandbox: CarrierSandbox) -> None:
    """The first city that the sandbox names is the sender's, the last the receiver's: it read both."""
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    sandbox.control("advance", number=parcel.waybill_no, steps=20)
    check_is_due_first(connected, parcel_id)
    sweep_later()
    with connected.scope():
        texts = [row.text for row in TrackingEvent.objects.order_by("scanned_at", "id")]
    assert "杭州市" in texts[0] and "深圳市" in texts[-1]


def test_a_typed_waybill_is_followed_too(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    parcel_id = connected.pack(connected.paid_order(1), f"78{parcel_number()}")
    parcel = connected.parcel(parcel_id)
    check_is_due_first(connected, parcel_id)
    sweep_later()
    sandbox.control("advance", number=parcel.waybill_no, steps=20)
    sandbox.control("flush")
    assert connected.parcel(parcel_id).state == "delivered"
    assert endpoint.pushes(parcel.callback_token)


def parcel_number() -> str:
    return f"{clock.now().timestamp() * 1e6:.0f}"[-12:]


def test_lost_pushes_are_asked_for(connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    sandbox.control("flush")
    parcel = connected.parcel(parcel_id)
    assert parcel.check_at is not None and parcel.check_at > clock.now() + timedelta(hours=1)
    sandbox.control("mode", mode="lost", number=parcel.waybill_no, pushes=50)
    sandbox.control("advance", number=parcel.waybill_no, steps=20)
    sandbox.control("flush")
    assert connected.parcel(parcel_id).state == "shipped"
    sweep_later(timedelta(hours=3))
    assert connected.parcel(parcel_id).state == "delivered"
    assert statuses(connected, parcel_id)[-1] == "delivered"


def test_the_silent_are_asked_ever_more_rarely(connected: Shop) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    pauses = []
    for _ in range(6):
        check_is_due_first(connected, parcel_id)
        sweep_later()
        check_at = connected.parcel(parcel_id).check_at
        assert check_at is not None
        pauses.append(round((check_at - clock.now()) / timedelta(hours=1)))
    assert pauses[0] <= 4 and pauses == sorted(pauses) and pauses[-1] == 24


def test_a_parcel_silent_for_long_is_given_up(connected: Shop) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    check_is_due_first(connected, parcel_id)
    with connected.scope():
        Parcel.objects.filter(id=parcel_id).update(shipped_at=clock.now() - timedelta(days=31))
    sweep_later()
    parcel = connected.parcel(parcel_id)
    assert (parcel.check_at, parcel.problem, parcel.state) == (None, "track_lost", "shipped")


def test_a_gateway_that_is_down_is_asked_again(shop: Shop, own_sandbox: CarrierSandbox) -> None:
    shop.connect(own_sandbox.access())
    order = shop.paid_order(2)
    parcel_id = shop.pack(order)
    own_sandbox.kill()
    book_parcel(shop.merchant_id, parcel_id)
    parcel = shop.parcel(parcel_id)
    assert (parcel.state, parcel.problem, parcel.tries) == ("requested", "gateway_down", 1)
    assert parcel.check_at is not None and parcel.check_at > clock.now()
    assert shop.stock(order) == (ON_HAND, 2, ON_HAND)
    with shop.scope():
        (shown,) = parcels_with_problems()
    assert shown.parcel_id == parcel_id and shown.problem_text
    sweep_later()
    assert shop.parcel(parcel_id).tries == 2
    own_sandbox.start()
    check_is_due_first(shop, parcel_id)
    sweep_later()
    parcel = shop.parcel(parcel_id)
    assert (parcel.state, parcel.problem) == ("shipped", "")
    assert shop.stock(order) == (ON_HAND - 2, 0, ON_HAND - 2)
    with shop.scope():
        assert parcels_with_problems() == ()


def test_a_dead_gateway_costs_one_try_a_sweep(shop: Shop) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        shop.connect(Access(f"http://127.0.0.1:{closed.getsockname()[1]}", "k", "s", "c", "p"))
        parcel_ids = [shop.pack(shop.paid_order(1)) for _ in range(4)]
        before = clock.now()
        sweep_parcels(before, limit=EVERY_PARCEL)
    parcels = [shop.parcel(parcel_id) for parcel_id in parcel_ids]
    assert sorted(parcel.tries for parcel in parcels) == [0, 0, 0, 1]
    assert all(parcel.check_at is not None and parcel.check_at > before for parcel in parcels)


def test_a_parcel_that_cannot_be_read_holds_up_no_other(shop: Shop) -> None:
    shop.connect(Access("http://127.0.0.1:1", "k", "s", "c", "p"))
    bad, good = shop.pack(shop.paid_order(1)), shop.pack(shop.paid_order(1))
    check_is_due_first(shop, good)
    check_is_due_first(shop, bad)
    with shop.scope(), connection.cursor() as cursor:
        cursor.execute("update parcel set callback_salt = 'spoiled' where id = %s", [bad])
    sweep_parcels(clock.now(), limit=EVERY_PARCEL)
    with shop.scope():
        assert Parcel.objects.values_list("tries", flat=True).get(pk=good) == 1


def test_a_refused_parcel_gives_its_units_back(shop: Shop, sandbox: CarrierSandbox) -> None:
    shop.connect(sandbox.access(partner_id="0000000000"))
    order = shop.paid_order(3)
    parcel_id = shop.pack(order)
    book_parcel(shop.merchant_id, parcel_id)
    parcel = shop.parcel(parcel_id)
    assert (parcel.state, parcel.problem, parcel.check_at) == ("void", "gateway_400", None)
    assert shop.stock(order) == (ON_HAND, 3, ON_HAND)
    assert shop.events(parcel_id) == ["parcel.requested", "parcel.voided"]
    with shop.scope():
        assert Allocation.objects.get(id=order.allocations[0]).packed == 0
        assert trackings_of(order.id) == ()
    shop.connect(sandbox.access())
    again = shop.pack(order)
    book_parcel(shop.merchant_id, again)
    assert shop.parcel(again).state == "shipped"
    assert shop.stock(order) == (ON_HAND - 3, 0, ON_HAND - 3)


def test_a_wrong_key_makes_the_parcel_wait(shop: Shop, sandbox: CarrierSandbox) -> None:
    shop.connect(sandbox.access(secret="wrong"))
    parcel_id = shop.pack(shop.paid_order(1))
    book_parcel(shop.merchant_id, parcel_id)
    parcel = shop.parcel(parcel_id)
    assert (parcel.state, parcel.problem) == ("requested", "gateway_503")
    shop.connect(sandbox.access())
    sweep_later()
    assert shop.parcel(parcel_id).state == "shipped"


def test_booking_twice_books_once(connected: Shop, sandbox: CarrierSandbox) -> None:
    order = connected.paid_order(1)
    parcel_id = connected.pack(order)
    book_parcel(connected.merchant_id, parcel_id)
    waybill = connected.parcel(parcel_id).waybill_no
    book_parcel(connected.merchant_id, parcel_id)
    assert connected.parcel(parcel_id).waybill_no == waybill
    assert len(sandbox.parcels(parcel_id.hex)) == 1
    assert connected.stock(order) == (ON_HAND - 1, 0, ON_HAND - 1)


def test_no_gateway_is_called_inside_a_scope(connected: Shop, sandbox: CarrierSandbox) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    with pytest.raises(ScopeNested), connected.scope():
        book_parcel(connected.merchant_id, parcel_id)
    assert sandbox.parcels(parcel_id.hex) == []


def test_no_event_carries_what_leads_to_a_person(connected: Shop, endpoint: Endpoint) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    with connected.scope():
        told = repr(list(Event.objects.values("payload", "old", "new")))
    assert parcel.waybill_no not in told and PHONE not in told and SENDER.phone not in told


def test_the_sender_is_that_of_the_time_of_packing(connected: Shop, sandbox: CarrierSandbox) -> None:
    """Else a repeated request would say something else than the first, and be refused for that."""
    parcel_id = connected.pack(connected.paid_order(1))
    with connected.scope():
        connect_carrier(sandbox.access(), Party("新址", "0574-1234567", "浙江省宁波市"), actor=STAFF)
    with connected.scope():
        booking = begin_booking(parcel_id)
    assert booking is not None and booking.request.sender == SENDER
