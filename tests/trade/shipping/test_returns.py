"""What buyers send back, through the real sandbox and its pushes: whose number it is, what it starts, and
that nothing else moves.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.support.complaining import BACK_TO, STAFF, Sale, handed_over, shown_picture, sold, takes_back
from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import SENDER
from tests.trade.shipping.test_callbacks import signed
from tests.trade.shipping.test_races import at_once
from tongdao.compliance.evidence.bundling import _texts
from tongdao.compliance.evidence.gathering import gather
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.models import Partner
from tongdao.rulebook import aftersales as rules
from tongdao.rulebook.returns import CHECK_SIGNED, TRACK_SILENT
from tongdao.trade.aftersales.deadlines import due_at
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import (
    agree_to_case,
    correct_waybill,
    offer_carriage,
    receive_return,
    refuse_case,
    send_back,
)
from tongdao.trade.aftersales.operations import sending_back as room
from tongdao.trade.aftersales.operations.pausing import pause_case, resume_case
from tongdao.trade.aftersales.operations.sending_back import return_signed
from tongdao.trade.aftersales.operations.timing import sweep_cases, sweep_silent_returns
from tongdao.trade.aftersales.queries import case_view
from tongdao.trade.aftersales.refusals import (
    CaseMoved,
    CasePicturesMissing,
    ReturnAddressMissing,
    WaybillMissing,
)
from tongdao.trade.orders.models import Allocation
from tongdao.trade.shipping.callbacks import TAKEN, take_push
from tongdao.trade.shipping.gateway import Access
from tongdao.trade.shipping.models import Parcel, ReturnAddress, ReturnParcel, ReturnScan
from tongdao.trade.shipping.operations import (
    connect_carrier,
    end_return_address,
    follow_return,
    pack_parcel,
    set_return_address,
    sweep_return_parcels,
)
from tongdao.trade.shipping.places import place_for
from tongdao.trade.shipping.refusals import UnknownCarrier, WaybillOfShop, WaybillTaken


def number(mark: str = "YT") -> str:
    return f"{mark}{uuid7().int % 10**13:013d}"


def connect(sale: Sale, access: Access) -> None:
    with merchant_scope(sale.earner.shop.merchant_id):
        connect_carrier(access, SENDER, actor=STAFF)


def sent(sale: Sale, waybill: str = "", kind: str = "return_refund") -> AfterSale:
    """A case about faulty goods that are on their way back."""
    case = sale.ask(kind, "quality")
    sale.do(agree_to_case, case)
    return sale.do(send_back, case, "", waybill or number(), actor=sale.buyer)


def parcel_of(sale: Sale, case: AfterSale) -> ReturnParcel:
    with merchant_scope(sale.earner.shop.merchant_id):
        return ReturnParcel.objects.get(aftersales=case.id)


def news() -> None:
    while run_pending() or deliver_pending():
        pass


def told(sale: Sale, case: AfterSale) -> list[str]:
    with merchant_scope(sale.earner.shop.merchant_id):
        rows = Event.objects.filter(subject_id=str(case.id)).order_by("seq")
        return list(rows.values_list("name", flat=True))


def outside(sale: Sale) -> tuple[object, ...]:
    """What no scan of a return may move: the order, its own parcels, the stock."""
    with merchant_scope(sale.earner.shop.merchant_id):
        parcels = list(Parcel.objects.order_by("id").values_list("state", "version", "delivered_at"))
    return str(sale.order.state), sale.order.version, parcels, sale.stock()


def follow(sale: Sale, case: AfterSale) -> bool:
    return follow_return(sale.earner.shop.merchant_id, parcel_of(sale, case).id)


def test_the_way_back_is_followed_and_its_end_starts_the_shops_time(
    sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    sale = sold(2)
    connect(sale, sandbox.access())
    case = sent(sale)
    before = outside(sale)
    assert follow(sale, case)
    waybill = parcel_of(sale, case).waybill_no
    sandbox.control("advance", number=waybill, steps=2)
    sandbox.control("flush")
    assert parcel_of(sale, case).state == "in_transit"
    sandbox.control("advance", number=waybill, steps=20)
    sandbox.control("flush")
    parcel = parcel_of(sale, case)
    assert (parcel.state, parcel.check_at) == ("delivered", None)
    assert set(endpoint.statuses(parcel.callback_token)) == {200}
    news()
    found = sale.case(case)
    assert (found.state, found.signed_at) == ("returning", parcel.delivered_at)
    assert found.due_at is not None
    assert abs(found.due_at - clock.now() - CHECK_SIGNED.on(clock.now())) < timedelta(minutes=5)
    assert told(sale, case).count("after_sale.return_signed") == 1
    assert outside(sale) == before
    with merchant_scope(sale.earner.shop.merchant_id):
        track = case_view(case.id).track
    assert track is not None and track.scans[0].status == "delivered"
    assert sale.pass_time(case, timedelta(days=4)).state == "received"
    assert outside(sale) == before, "stock counts what staff put into it"


@pytest.mark.parametrize("carrier", ["shunfeng"])
def test_a_carrier_that_wants_a_phone_gets_the_receivers(
    sandbox: CarrierSandbox, endpoint: Endpoint, carrier: str
) -> None:
    sale = sold(1)
    connect(sale, sandbox.access())
    case = sent(sale, number("SF"))
    parcel = parcel_of(sale, case)
    assert (parcel.carrier, parcel.phone) == (carrier, BACK_TO.phone)
    assert follow(sale, case) and parcel_of(sale, case).problem == ""


@pytest.mark.parametrize("mode", ["lost", "twice", "late", "out_of_order", "altered_signature"])
def test_pushes_that_misbehave_end_in_one_signing(
    sandbox: CarrierSandbox, endpoint: Endpoint, mode: str
) -> None:
    sale = sold(1)
    connect(sale, sandbox.access())
    case = sent(sale)
    follow(sale, case)
    waybill = parcel_of(sale, case).waybill_no
    sandbox.control("mode", mode=mode, number=waybill, pushes=20, seconds=3600)
    sandbox.control("advance", number=waybill, steps=20)
    sandbox.control("mode", mode="off")
    if mode in ("lost", "altered_signature"):  # nothing that counts comes: the gateway is asked
        with merchant_scope(sale.earner.shop.merchant_id):
            ReturnParcel.objects.filter(waybill_no=waybill).update(
                check_at=clock.now() - timedelta(days=1), tries=2
            )
        sweep_return_parcels(clock.now(), limit=1_000_000)
    else:
        sandbox.control("flush")
    news()
    assert parcel_of(sale, case).state == "delivered"
    assert told(sale, case).count("after_sale.return_signed") == 1
    with merchant_scope(sale.earner.shop.merchant_id):
        assert ReturnScan.objects.filter(status="delivered").count() == 1


def push_body(parcel: ReturnParcel, at: datetime) -> dict[str, str]:
    line = {"ftime": f"{at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}", "context": "签收"}
    result = {"nu": parcel.waybill_no, "com": parcel.carrier, "data": [line | {"statusCode": "301"}]}
    param = json.dumps({"lastResult": result}, ensure_ascii=False)
    return signed(param, parcel.callback_salt)


def signings(sale: Sale, case: AfterSale) -> Callable[[], object]:
    parcel_id = parcel_of(sale, case).id

    def work() -> None:
        with merchant_scope(sale.earner.shop.merchant_id):
            return_signed(parcel_id)

    return work


def test_pushes_at_once_store_a_scan_once() -> None:
    sale = sold(1)
    case = sent(sale)
    parcel = parcel_of(sale, case)
    form = push_body(parcel, clock.now())
    answers: list[object] = []
    at_once([lambda: answers.append(take_push(parcel.callback_token, form))] * 4)
    assert answers == [TAKEN] * 4
    news()
    assert told(sale, case).count("after_sale.return_signed") == 1
    with merchant_scope(sale.earner.shop.merchant_id):
        assert ReturnScan.objects.count() == 1


@pytest.mark.parametrize("guarded", [True, False])
def test_signing_and_receiving_at_once(guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the order's lock the case is signed for once and received once; without it twice told."""
    sale = sold(1)
    case = sent(sale)
    parcel = parcel_of(sale, case)
    take_push(parcel.callback_token, push_body(parcel, clock.now()))
    if not guarded:
        ready = threading.Barrier(3)

        def all_read_first(*_args: object) -> list[UUID]:
            return []

        real = room._sign

        def slow(found: AfterSale, at: datetime) -> bool:
            ready.wait(30)
            return real(found, at)

        monkeypatch.setattr(room, "lock_rows", all_read_first)
        monkeypatch.setattr(room, "_sign", slow)
        at_once([signings(sale, case)] * 3)
        assert told(sale, case).count("after_sale.return_signed") > 1
        return
    receive = lambda: sale.do(receive_return, case, {})  # noqa: E731 one of the works
    done = at_once([*([signings(sale, case)] * 3), receive, receive])
    assert sorted(done) == ["case_moved", "done", "done", "done", "done"]
    assert told(sale, case).count("after_sale.return_signed") <= 1
    assert str(sale.case(case).state) == "received"


def test_received_from_the_signing_on_the_days_of_the_law_run() -> None:
    sale = sold(1)
    case = handed_over(sale, sent(sale), at=clock.now())
    got = sale.do(receive_return, case, {})
    assert case.signed_at is not None
    assert got.due_at == due_at(str(case.kind), "received", case.signed_at)


def test_signed_long_ago_leaves_time_to_look() -> None:
    """Pushes were lost for a week: the shop still has its days from when it is told."""
    sale = sold(1)
    case = sent(sale)
    handed = clock.now()
    with clock.shifted(timedelta(days=8)):
        case = handed_over(sale, case, at=handed)
        assert case.due_at is not None and case.due_at > clock.now() + timedelta(days=2)
        got = sale.do(receive_return, case, {})
        assert got.due_at is not None and got.due_at > clock.now() + timedelta(days=2)


def test_without_a_track_the_ten_days_stay() -> None:
    sale = sold(1)
    case = sent(sale)
    assert (
        sale.pass_time(case, rules.UNRECEIVED_AFTER.on(clock.now()) - timedelta(hours=1)).state == "returning"
    )
    assert (
        sale.pass_time(case, rules.UNRECEIVED_AFTER.on(clock.now()) + timedelta(hours=1)).state == "received"
    )


def test_what_was_handed_over_before_the_case_began_is_another_parcel() -> None:
    sale = sold(1)
    case = handed_over(sale, sent(sale), at=clock.now() - timedelta(days=3))
    assert case.signed_at is None
    with merchant_scope(sale.earner.shop.merchant_id):
        view = case_view(case.id)
    assert view.track_wrong and "correct" in view.buyer_may and "refuse" not in view.seller_may


def test_while_the_clock_stands_the_signing_waits_with_it() -> None:
    sale = sold(1)
    case = sent(sale)
    with merchant_scope(sale.earner.shop.merchant_id):
        pause_case(sale_case := AfterSale.objects.get(pk=case.id))
        assert sale_case.due_at is None
    case = handed_over(sale, case)
    assert case.signed_at is not None and (case.due_at, case.paused_left) == (
        None,
        CHECK_SIGNED.on(clock.now()),
    )
    with merchant_scope(sale.earner.shop.merchant_id):
        resume_case(AfterSale.objects.get(pk=case.id))
    assert sale.case(case).due_at is not None


def test_the_shop_objects_with_pictures() -> None:
    sale = sold(1)
    case = sent(sale)
    with pytest.raises(CaseMoved):
        sale.do(refuse_case, case, "other", text="没有收到", files=[shown_picture()])
    case = handed_over(sale, case)
    with pytest.raises(CasePicturesMissing):
        sale.do(refuse_case, case, "not_what_was_sold", text="盒子是空的")
    case = sale.do(refuse_case, case, "not_what_was_sold", text="盒子是空的", files=[shown_picture()])
    assert str(case.state) == "refused"


def test_one_parcel_for_two_cases_of_one_buyer() -> None:
    sale = sold(2)
    waybill = number()
    first = sent(sale, waybill)
    second = sent(sale, waybill)
    assert first.return_parcel_id == second.return_parcel_id
    first = handed_over(sale, first)
    assert first.signed_at == sale.case(second).signed_at is not None


def test_a_second_case_by_a_parcel_that_has_arrived_is_signed_at_once() -> None:
    sale = sold(2)
    waybill = number()
    second = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, second)
    handed_over(sale, sent(sale, waybill))
    assert sale.do(send_back, second, "yuantong", waybill, actor=sale.buyer).signed_at is not None


def test_whose_number_it_may_be() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, case)
    with merchant_scope(sale.earner.shop.merchant_id):
        out = Parcel.objects.get()
    with pytest.raises(WaybillOfShop):
        sale.do(send_back, case, out.carrier, out.waybill_no, actor=sale.buyer)
    with pytest.raises(WaybillMissing):
        sale.do(send_back, case, "yunda", "12", actor=sale.buyer)
    with pytest.raises(UnknownCarrier):
        sale.do(send_back, case, "", "9988776655", actor=sale.buyer)
    taken = number()
    with merchant_scope(sale.earner.shop.merchant_id):
        ReturnParcel.objects.create(
            person_id=uuid7(),
            carrier="yuantong",
            waybill_no=taken,
            phone="",
            callback_token="t",
            callback_salt="s",
        )
    with pytest.raises(WaybillTaken):
        sale.do(send_back, case, "yuantong", taken, actor=sale.buyer)
    assert str(sale.case(case).state) == "agreed"
    assert sale.do(
        send_back, case, "yuantong", f" {number().lower()} ", actor=sale.buyer
    ).waybill_no.startswith("YT")


def test_a_wrong_number_is_told_of_and_corrected() -> None:
    sale = sold(1)
    case = sent(sale)
    later = clock.now() + TRACK_SILENT.on(clock.now()) + timedelta(minutes=1)
    sweep_silent_returns(later, limit=100_000)
    sweep_silent_returns(later, limit=100_000)
    assert told(sale, case).count("after_sale.return_silent") == 1
    other = number("SF")
    case = sale.do(correct_waybill, case, "", other, actor=sale.buyer)
    assert (case.carrier, case.waybill_no, case.silent_told_at) == ("shunfeng", other, None)
    assert sale.do(correct_waybill, case, "shunfeng", other, actor=sale.buyer).version == case.version
    assert told(sale, case).count("after_sale.return_corrected") == 1
    case = handed_over(sale, case)
    with pytest.raises(CaseMoved):
        sale.do(correct_waybill, case, "", number(), actor=sale.buyer)


def test_one_that_moves_is_not_called_silent() -> None:
    sale = sold(1)
    case = handed_over(sale, sent(sale), at=clock.now() - timedelta(days=3))
    sweep_silent_returns(clock.now() + timedelta(days=3), limit=100_000)
    assert "after_sale.return_silent" not in told(sale, case)


def test_without_a_gateway_it_waits_and_says_why() -> None:
    sale = sold(1)
    case = sent(sale)
    assert follow(sale, case)
    assert parcel_of(sale, case).problem == "no_account"
    assert str(sale.do(receive_return, case, {}).state) == "received"


def test_a_dead_gateway_holds_up_nobody_else(sandbox: CarrierSandbox, endpoint: Endpoint) -> None:
    dead, living = sold(2), sold(1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    connect(dead, replace(sandbox.access(), url=nobody))
    connect(living, sandbox.access())
    cases = [sent(dead), sent(dead)]
    case = sent(living)
    for sale, long in ((dead, timedelta(days=2)), (living, timedelta(days=1))):
        with merchant_scope(sale.earner.shop.merchant_id):
            ReturnParcel.objects.update(check_at=clock.now() - long)
    sweep_return_parcels(clock.now(), limit=1_000_000)
    assert parcel_of(living, case).problem == ""
    assert sorted(parcel_of(dead, each).problem for each in cases) == ["", "gateway_down"]
    with merchant_scope(dead.earner.shop.merchant_id):
        assert not ReturnParcel.objects.filter(check_at__lte=clock.now()).exists(), "the others rest too"


def test_a_push_for_a_return_moves_no_order_of_the_same_number() -> None:
    """The shop may, later, be given a number that a buyer gave before: the two know nothing of each other."""
    sale = sold(2, arrived=False)
    sale.pack(1)
    sale.arrive()
    case = sent(sale)
    parcel = parcel_of(sale, case)
    with merchant_scope(sale.earner.shop.merchant_id):
        left = Allocation.objects.values_list("id", flat=True)[0]
        pack_parcel(sale.order_id, {left: 1}, parcel.carrier, parcel.waybill_no, actor=STAFF)
    before = outside(sale)
    assert take_push(parcel.callback_token, push_body(parcel, clock.now())) == TAKEN
    news()
    assert outside(sale) == before and sale.case(case).signed_at is not None


def test_where_goods_go_back_to() -> None:
    sale = sold(3)
    shop = sale.earner.shop
    case = sale.ask("return_refund", "quality")
    case = sale.do(agree_to_case, case)
    with merchant_scope(shop.merchant_id):
        node = Allocation.objects.values_list("node_id", flat=True)[0]
        shown = case_view(case.id).back_to
        assert shown is not None and "杭州市" in shown.address and "云栖小镇" in shown.address
        own = replace(BACK_TO, recipient="厂家李姐")
        set_return_address(own, node_id=node, actor=STAFF)
        assert case_view(case.id).back_to == shown, "as it was shown"
        for nodes, name in (
            ({node}, "厂家李姐"),
            ({node, uuid7()}, BACK_TO.recipient),
            (set(), BACK_TO.recipient),
        ):
            place = place_for(nodes)
            assert place is not None and place.name == name
    after = sale.ask("return_refund", "no_reason")
    with merchant_scope(shop.merchant_id):
        again = case_view(after.id).back_to
        assert again is not None and again.name == "厂家李姐"


def test_addresses_end_and_stay_on_record() -> None:
    sale = sold(1)
    person = Actor("staff", uuid7())
    with merchant_scope(sale.earner.shop.merchant_id):
        first = ReturnAddress.objects.get()
        same = set_return_address(BACK_TO, note="请附上订单号", actor=person)
        assert same.id == first.id
        new = set_return_address(replace(BACK_TO, detail="二号仓"), actor=person)
        rows = {row.id: row for row in ReturnAddress.objects.all()}
        assert rows[first.id].effective_to is not None and rows[new.id].staff_id == person.id
        assert Partner.objects.filter(pk=new.node_id).count() == 0
        end_return_address(new.id, actor=person)
        end_return_address(new.id, actor=person)
        events = Event.objects.filter(name__startswith="return_address.").values_list("name", flat=True)
        assert sorted(events) == ["return_address.ended", "return_address.set", "return_address.set"]
        assert place_for(set()) is None


def test_no_return_is_agreed_to_that_nobody_could_send() -> None:
    sale = sold(2)
    with merchant_scope(sale.earner.shop.merchant_id):
        end_return_address(ReturnAddress.objects.get().id, actor=STAFF)
    case = sale.ask("return_refund", "quality")
    with pytest.raises(ReturnAddressMissing):
        sale.do(agree_to_case, case)
    by_law = sale.ask("return_refund", "no_reason")
    assert (str(by_law.state), by_law.back_to) == ("agreed", None)
    takes_back(sale.earner.shop)
    with merchant_scope(sale.earner.shop.merchant_id):
        shown = case_view(by_law.id).back_to
    assert shown is not None and shown.name == BACK_TO.recipient
    assert str(sale.do(agree_to_case, case).state) == "agreed"


def test_setting_an_address_at_once_leaves_one() -> None:
    sale = sold(1)

    def sets(name: str) -> Callable[[], object]:
        def work() -> None:
            with merchant_scope(sale.earner.shop.merchant_id):
                set_return_address(replace(BACK_TO, recipient=name), actor=STAFF)

        return work

    assert at_once([sets(f"收货人{n}") for n in range(4)]) == ["done"] * 4
    with merchant_scope(sale.earner.shop.merchant_id):
        assert ReturnAddress.objects.filter(effective_to__isnull=True).count() == 1


def test_who_pays_for_sending_back() -> None:
    sale = sold(3)
    assert sale.ask("return_refund", "quality").carriage == "shop"
    assert sale.ask("return_refund", "no_reason").carriage == "buyer"
    with merchant_scope(sale.earner.shop.merchant_id):
        offer_carriage(True, actor=STAFF)
        offer_carriage(True, actor=STAFF)
    assert sale.ask("return_refund", "no_reason").carriage == "shop"


def test_what_was_offered_at_the_order_stands() -> None:
    before = sold(1)
    with merchant_scope(before.earner.shop.merchant_id):
        offer_carriage(True, actor=STAFF)
    sale = Sale(before.earner, before.earner.sell(2))
    sale.pack()
    sale.arrive()
    with merchant_scope(before.earner.shop.merchant_id):
        offer_carriage(False, actor=STAFF)
    assert sale.ask("return_refund", "no_reason").carriage == "shop"
    assert before.ask("return_refund", "no_reason").carriage == "buyer"
    assert sale.ask("refund_only", "quality").carriage == ""


def test_the_sweep_receives_what_was_signed_for() -> None:
    sale = sold(1)
    case = handed_over(sale, sent(sale))
    with clock.shifted(timedelta(days=4)):
        sweep_cases(clock.now(), limit=100_000)
    assert str(sale.case(case).state) == "received"


def test_the_way_back_is_evidence() -> None:
    sale = sold(1)
    case = handed_over(sale, sent(sale))
    with merchant_scope(sale.earner.shop.merchant_id):
        found = gather(case.id)
    assert found.case.track is not None and found.case.track.scans[0].text == "快件已签收"
    assert {"return_parcel.delivered", "after_sale.return_signed"} <= {event.name for event in found.events}
    words = b"".join(content for _, content in _texts(found)).decode()
    assert "return_parcel.delivered" in words and case.waybill_no not in words, "no event names a waybill"
