"""After-sale cases from the first word to the last: who moves, by when, what becomes of money and goods."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faces.promoter.support import PRICE, SHARE, release
from tests.support.complaining import STAFF, sold
from tests.trade.payments.test_loop import balances
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events.models import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.party.people.operations import create_guest
from tongdao.rewards.commissions.models import Commission
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.deadlines import WAITS, due_at
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind, AfterSaleWord, LineRefunded
from tongdao.trade.aftersales.operations import (
    CaseWish,
    agree_to_case,
    cancel_order,
    confirm_replacement,
    grant_case,
    open_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    ship_replacement,
    withdraw_case,
)
from tongdao.trade.aftersales.operations.timing import sweep_case_warnings, sweep_cases
from tongdao.trade.aftersales.refusals import (
    CaseAmountWrong,
    CaseMoved,
    CaseNotOffered,
    CaseReasonUnknown,
    CaseUnitsWrong,
    CaseWordsMissing,
    OptionNotExchangeable,
    ReplacementOutOfStock,
    UnitsToStockWrong,
)
from tongdao.trade.orders.operations import sweep_confirm


def test_what_may_be_asked_for_follows_the_goods() -> None:
    sale = sold(3, arrived=False)
    assert {kind: offer.most for kind, offer in sale.offered().items()} == {"cancel": 3}
    sale.pack(2)
    found = sale.offered()
    assert {kind: offer.most for kind, offer in found.items()} == {"cancel": 1, "refund_only": 2}
    assert found[AfterSaleKind.REFUND_ONLY].reasons == ("not_received", "lost", "refused_delivery")
    sale.arrive()
    found = sale.offered()
    assert {kind for kind, offer in found.items() if offer.most == 2} == {
        "refund_only",
        "return_refund",
        "exchange",
        "repair",
        "price_adjustment",
    }
    assert "not_received" not in found[AfterSaleKind.REFUND_ONLY].reasons
    assert "no_reason" in found[AfterSaleKind.RETURN].reasons


def test_a_return_without_a_reason_is_agreed_to_at_once_and_ends_with_money_and_stock() -> None:
    sale = sold(3)
    before = balances(sale.earner.shop)
    case = sale.ask("return_refund", "no_reason", text="颜色不喜欢")
    assert case.state == "agreed"
    case = sale.do(send_back, case, "yunda", "YD 1234 5678", actor=sale.buyer)
    assert (case.state, case.waybill_no) == ("returning", "YD12345678")
    assert sale.stock() == (97, 0)
    case = sale.do(receive_return, case, {sale.line.id: 1})
    assert (case.state, sale.stock()) == ("received", (98, 0))
    case = sale.do(grant_case, case, expected=PRICE)
    assert (case.state, sale.refunds()) == ("granted", [PRICE])
    after = balances(sale.earner.shop)
    assert after["refund_due"] == PRICE
    assert before["held.promoter"] - after["held.promoter"] == SHARE, "the commission goes in proportion"
    with merchant_scope(sale.earner.shop.merchant_id):
        said = AfterSaleWord.objects.get()
        assert (said.side, said.step, said.text) == ("buyer", "requested", "颜色不喜欢")
        assert StockMovement.objects.filter(reason="return").get().delta == 1


@pytest.mark.parametrize(
    ("kind", "reason", "then"),
    [
        ("refund_only", "quality", "granted"),
        ("return_refund", "quality", "agreed"),
        ("exchange", "quality", "agreed"),
        ("repair", "quality", "agreed"),
    ],
)
def test_a_seller_who_does_not_answer_has_granted_it(kind: str, reason: str, then: str) -> None:
    sale = sold()
    case = sale.ask(kind, reason)
    assert case.due_at is not None
    assert case.due_at - case.opened_at == rules.SELLER_ANSWERS.on(case.opened_at)
    late = rules.SELLER_ANSWERS.on(case.opened_at)
    assert sale.pass_time(case, late - timedelta(minutes=1)).state == "requested"
    assert sale.pass_time(case, late + timedelta(minutes=1)).state == then


def test_each_wait_ends_as_it_says() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "no_reason")
    assert sale.pass_time(case, timedelta(days=8)).state == "lapsed"
    case = sale.ask("return_refund", "no_reason")
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    assert sale.pass_time(case, timedelta(days=11)).state == "received"
    with clock.shifted(timedelta(days=11)):
        assert sale.pass_time(case, timedelta(days=20)).state == "granted"
    assert sale.refunds() == [PRICE]
    case = sale.ask("refund_only", "quality")
    sale.do(refuse_case, case, "as_described", text="照片上看不出问题")
    assert sale.pass_time(case, timedelta(days=8)).state == "closed"
    case = sale.ask("exchange", "quality")
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "yunda", "YD12345679", actor=sale.buyer)
    sale.do(receive_return, case, {})
    sale.do(ship_replacement, case, "yunda", "YD12345680")
    assert sale.stock() == (96, 0)
    assert sale.pass_time(case, timedelta(days=11)).state == "settled"
    assert sale.refunds() == [PRICE], "an exchange moves no money"


def test_whole_days_end_with_the_day_and_past_days_of_rest() -> None:
    """National Day 2026: received on 24 September, seven days on is 1 October, and all rest until the 7th."""
    received = clock.day_begins(clock.today().replace(year=2026, month=9, day=24)) + timedelta(hours=15)
    ends = due_at("return_refund", "received", received)
    assert ends == clock.day_begins(received.date().replace(month=10, day=9))


def test_an_exchange_that_is_not_sent_becomes_money() -> None:
    sale = sold(1)
    case = sale.ask("exchange", "quality")
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "yunda", "YD12345679", actor=sale.buyer)
    sale.do(receive_return, case, {})
    assert sale.pass_time(case, timedelta(days=8)).state == "granted"
    assert sale.refunds() == [PRICE]


def test_a_price_that_is_lowered_leaves_the_units_and_the_rest_of_the_money() -> None:
    sale = sold(3)
    with pytest.raises(CaseAmountWrong):
        sale.ask("price_adjustment", "quality")
    with pytest.raises(CaseAmountWrong):
        sale.ask("price_adjustment", "quality", asked_fen=3 * PRICE + 1)
    case = sale.ask("price_adjustment", "quality", asked_fen=3_000)
    sale.do(grant_case, case, expected=3_000)
    for _ in range(3):
        back = sale.ask("refund_only", "damaged")
        sale.do(grant_case, back)
    assert sale.refunds() == [3_000, PRICE - 1_000, PRICE - 1_000, PRICE - 1_000]
    left = balances(sale.earner.shop)
    assert left == {"external.buyer": -3 * PRICE, "refund_due": 3 * PRICE}
    with merchant_scope(sale.earner.shop.merchant_id):
        assert Commission.objects.get().clawed_fen == 3 * SHARE


def test_what_was_settled_to_stay_with_the_seller_is_not_asked_for_again() -> None:
    sale = sold(2)
    case = sale.ask("refund_only", "quality", asked_fen=5_000)
    sale.do(grant_case, case, expected=5_000)
    with merchant_scope(sale.earner.shop.merchant_id):
        row = LineRefunded.objects.get()
        assert (row.quantity, row.goods_fen, row.kept_fen) == (1, 5_000, PRICE - 5_000)
    sale.do(grant_case, sale.ask("refund_only", "quality"), expected=PRICE)
    with pytest.raises(CaseNotOffered):
        sale.ask("refund_only", "quality")


def test_units_in_an_open_case_are_not_asked_for_twice() -> None:
    sale = sold(2)
    case = sale.ask("return_refund", "quality", 1)
    with pytest.raises(CaseUnitsWrong):
        sale.ask("refund_only", "quality", 2)
    sale.ask("refund_only", "quality", 1)
    with pytest.raises(CaseNotOffered):
        sale.ask("refund_only", "quality", 1)
    sale.do(withdraw_case, case, actor=sale.buyer)
    assert sale.offered()["refund_only"].most == 1


def test_the_same_case_twice_is_one() -> None:
    sale = sold(2)
    id = uuid7()
    first, again = (sale.ask("return_refund", "quality", 1, case_id=id) for _ in range(2))
    assert first.id == again.id == id
    with merchant_scope(sale.earner.shop.merchant_id):
        assert AfterSale.objects.count() == 1


def test_staff_gave_it_all_back_meanwhile() -> None:
    """The case comes to nothing more: it ends, and no sweep stumbles over it."""
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    units = {sale.line.id: 1}
    with merchant_scope(sale.earner.shop.merchant_id):
        refund_lines(sale.order_id, units, freight="share", reason="agreed", actor=STAFF)
    assert sale.pass_time(case, timedelta(hours=49)).state == "closed"
    assert sale.refunds() == [PRICE]


def test_what_the_buyer_may_not_do() -> None:
    sale = sold(1)
    stranger = Actor("person", create_guest().id)
    case = sale.ask("return_refund", "quality")
    for act, more in ((withdraw_case, ()), (send_back, ("yunda", "YD12345678")), (confirm_replacement, ())):
        with pytest.raises(NotFound):
            sale.do(act, case, *more, actor=stranger)
    with pytest.raises(CaseMoved):
        sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    with pytest.raises(CaseReasonUnknown):
        sale.do(refuse_case, case, "because", text="不行")
    with pytest.raises(CaseWordsMissing):
        sale.do(refuse_case, case, "used", text="  ")
    wish = CaseWish(sale.order_id, "return_refund", {sale.line.id: 1}, "quality")
    with merchant_scope(sale.earner.shop.merchant_id), pytest.raises(NotFound):
        open_case(wish, actor=stranger)


def test_the_windows_close() -> None:
    sale = sold(1)
    week, month = sale.offered(later=timedelta(days=13)), sale.offered(later=timedelta(days=30))
    assert "no_reason" not in week[AfterSaleKind.RETURN].reasons
    assert "quality" in week[AfterSaleKind.RETURN].reasons
    assert month == {}


def test_units_that_nobody_packed_are_cancelled_by_the_buyer_alone() -> None:
    sale = sold(3, arrived=False)
    sale.pack(2)
    case = sale.ask("cancel", "changed_mind", 1)
    assert (case.kind, case.state, sale.refunds()) == ("cancel", "granted", [PRICE])
    assert sale.stock() == (98, 0)
    assert sale.order.state == "paid"
    other = sold(2, arrived=False)
    other.ask("cancel", "too_slow", 2)
    assert other.order.state == "cancelled"


def test_the_timer_of_receipt_waits_for_the_case_and_goes_on() -> None:
    sale = sold(1)
    by = sale.order.confirm_by
    assert by is not None
    case = sale.ask("repair", "quality")
    with clock.shifted(timedelta(days=11)):
        sweep_confirm(clock.now(), 1_000_000)
    assert sale.order.state == "paid", "the timer waits"
    with clock.shifted(timedelta(days=3)):
        sale.do(withdraw_case, case, actor=sale.buyer)
    later = sale.order.confirm_by
    assert later is not None
    assert timedelta(days=3) <= later - by < timedelta(days=3, minutes=1)
    with clock.shifted(timedelta(days=14)):
        sweep_confirm(clock.now(), 1_000_000)
    assert sale.order.state == "completed"


def test_nothing_is_released_while_a_case_is_open() -> None:
    sale = sold(1)
    sale.earner.receive(sale.order_id)
    case = sale.ask("repair", "quality")
    assert release(sale.earner.shop, sale.order_id) == 0
    sale.do(withdraw_case, case, actor=sale.buyer)
    assert release(sale.earner.shop, sale.order_id) == 1


def test_after_release_a_granted_case_is_owed_back() -> None:
    sale = sold(1)
    sale.earner.receive(sale.order_id)
    assert release(sale.earner.shop, sale.order_id) == 1
    sale.do(grant_case, sale.ask("refund_only", "quality"))
    with merchant_scope(sale.earner.shop.merchant_id):
        assert Commission.objects.get().clawed_fen == SHARE
    assert sale.refunds() == [PRICE]


def test_stock_is_not_made_of_nothing() -> None:
    sale = sold(2)
    case = sale.ask("exchange", "quality", 2)
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    with pytest.raises(UnitsToStockWrong):
        sale.do(receive_return, case, {sale.line.id: 3})
    sale.do(receive_return, case, {sale.line.id: 0})
    with merchant_scope(sale.earner.shop.merchant_id):
        Stock.objects.update(on_hand=1)
    with pytest.raises(ReplacementOutOfStock):
        sale.do(ship_replacement, case, "yunda", "YD12345680")
    assert sale.case(case).state == "received"


def test_each_side_is_warned_once_before_its_time_is_over() -> None:
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    for _ in range(2):
        with clock.shifted(timedelta(hours=37)):
            sweep_case_warnings(clock.now(), 1_000_000)
    with merchant_scope(sale.earner.shop.merchant_id):
        told = Event.objects.filter(name="after_sale.due_soon", subject_id=str(case.id))
        assert [event.payload["side"] for event in told] == ["seller"]


def test_one_case_that_cannot_move_holds_up_no_other() -> None:
    first, second = sold(1), sold(1)
    cases = [sale.ask("refund_only", "quality") for sale in (first, second)]
    with clock.shifted(timedelta(hours=49)):
        sweep_cases(clock.now(), 1_000_000)
    assert [sale.case(case).state for sale, case in zip((first, second), cases, strict=True)] == [
        "granted"
    ] * 2


def test_every_state_that_waits_says_for_whom() -> None:
    assert set(WAITS) == {"requested", "agreed", "returning", "received", "replaced", "refused"}


def test_a_cancelled_order_offers_nothing() -> None:
    sale = sold(1, arrived=False)
    with merchant_scope(sale.earner.shop.merchant_id):
        cancel_order(sale.order_id, reason="other", actor=SYSTEM)
    assert sale.offered() == {}


def test_an_exchange_is_for_an_option_of_the_same_product_and_price() -> None:
    sale = sold(1)
    line, shop = sale.line, sale.earner.shop
    with merchant_scope(shop.merchant_id):
        same = Sku.objects.create(
            product_id=line.product_id, position=2, option_key="b", currency="CNY", price_fen=PRICE
        )
        dearer = Sku.objects.create(
            product_id=line.product_id, position=3, option_key="c", currency="CNY", price_fen=PRICE + 1
        )
    for wrong in (dearer.id, uuid7()):
        with pytest.raises(OptionNotExchangeable):
            sale.ask("exchange", "quality", options={line.id: wrong})
    assert sale.ask("exchange", "quality", options={line.id: same.id}).state == "requested"
