"""Units given back are counted once, whichever way their money went; disputes when they are decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crm.reputing import reputations
from tests.faces.promoter.support import PRICE
from tests.support.complaining import STAFF, Sale, disputed, do, heard, sold
from tongdao.crm.reputation.counting import Bought, LineState, units_gone
from tongdao.crm.reputation.queries import Rate
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import (
    confirm_replacement,
    grant_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    ship_replacement,
    withdraw_case,
)
from tongdao.trade.disputes.operations import (
    Decision,
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    rule_dispute,
    state_case,
    sweep_disputes,
)
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import cancel_parcel

ARBITER, OTHER = (Actor("operator", uuid7()) for _ in range(2))
FOR_BUYER = Decision("buyer", "quality", "照片与描述不符，支持买家。")
FOR_SELLER = Decision("seller", "goods_used", "商品已使用，支持商家。")


def back(sale: Sale) -> tuple[int, int]:
    """Units given back and units sent: of the shop, of the product and of the promoter alike."""
    found = {(each.returned.part, each.returned.whole) for each in reputations(sale.earner)}
    (one,) = found
    return one


def quarrels(sale: Sale) -> tuple[int, int, int]:
    """Disputes, ruled ones, and those lost, the same of all three."""
    found = {(each.disputed.part, each.ruled, each.lost.part) for each in reputations(sale.earner)}
    (one,) = found
    return one


def send_goods_back(sale: Sale, case: AfterSale) -> AfterSale:
    case = sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    return sale.do(receive_return, case, {sale.line.id: 1})


def rule(sale: Sale, dispute_id: object, decision: Decision, arbiter: Actor = ARBITER) -> None:
    do(sale, rule_dispute, dispute_id, decision, actor=arbiter)


def refund(sale: Sale, units: int) -> None:
    line = {sale.line.id: units}
    do(sale, refund_lines, sale.order_id, line, freight="none", reason="quality", actor=SYSTEM)


# Returns


def test_a_return_counts_when_its_money_goes_and_not_when_it_is_asked_for() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "quality")
    assert back(sale) == (0, 3)
    sale.do(withdraw_case, case, actor=sale.buyer)
    case = sale.ask("return_refund", "no_reason")
    case = send_goods_back(sale, case)
    assert back(sale) == (0, 3)
    sale.do(grant_case, case)
    assert back(sale) == (1, 3)


def test_what_the_clock_grants_counts_and_what_is_refused_does_not() -> None:
    sale = sold(3)
    case = sale.ask("refund_only", "quality")
    sale.do(refuse_case, case, "as_described", text="出库前有质检")
    assert back(sale) == (0, 3)
    case = sale.ask("refund_only", "damaged")
    assert sale.pass_time(case, timedelta(days=3)).state == "granted"
    assert back(sale) == (1, 3)


def test_each_way_counts_its_own_units_once() -> None:
    sale = sold(3)
    case = sale.ask("refund_only", "quality", units=2)
    refund(sale, 2)
    sale.do(grant_case, case)  # one unit is left of the two that were asked for
    assert back(sale) == (3, 3)


def test_a_lower_price_and_other_goods_are_no_return() -> None:
    sale = sold(3)
    sale.do(grant_case, sale.ask("price_adjustment", "price_fell", asked_fen=1_000))
    case = send_goods_back(sale, _exchange(sale))
    sale.do(ship_replacement, case, "yunda", "YD87654321")
    sale.do(confirm_replacement, case, actor=sale.buyer)
    assert back(sale) == (0, 3)


def _exchange(sale: Sale) -> AfterSale:
    case = sale.ask("exchange", "quality")
    return sale.pass_time(case, timedelta(days=3))


@pytest.mark.parametrize(("fen", "units"), [(PRICE // 2 - 1, 0), (PRICE // 2, 1)])
def test_goods_that_are_kept_for_less_than_half_their_price_back_are_no_return(fen: int, units: int) -> None:
    sale = sold(3)
    sale.do(grant_case, sale.ask("refund_only", "missing", asked_fen=fen))
    assert back(sale) == (units, 3)


def test_goods_that_came_back_are_a_return_whatever_was_paid_for_them() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "damaged", asked_fen=100)
    case = sale.pass_time(case, timedelta(days=3))
    sale.do(grant_case, send_goods_back(sale, case))
    assert back(sale) == (1, 3)


def test_units_that_never_left_are_neither_sent_nor_given_back() -> None:
    sale = sold(3, arrived=False)
    sale.pack(2)
    sale.arrive()
    sale.ask("cancel", "changed_mind")
    assert back(sale) == (0, 2)
    refund(sale, 1)
    assert back(sale) == (1, 2)


def test_a_return_before_the_rest_has_left_counts_too() -> None:
    sale = sold(3, arrived=False)
    sale.pack(1)
    sale.arrive()
    sale.do(grant_case, sale.ask("refund_only", "quality"))
    assert back(sale) == (1, 1)
    sale.pack(1)  # the house takes one that was not packed for the one that came back
    assert back(sale) == (1, 2)


def test_a_parcel_that_was_taken_back_has_not_left() -> None:
    sale = sold(3, arrived=False)
    sale.pack()
    with merchant_scope(sale.earner.shop.merchant_id):
        parcel = Parcel.objects.get()
        cancel_parcel(parcel.id, actor=STAFF)
    assert back(sale) == (0, 0)
    sale.pack()
    assert back(sale) == (0, 3)
    assert reputations(sale.earner)[0].in_time == Rate(1, 1, 5)


# Disputes


def test_a_dispute_counts_against_the_shop_when_the_ruling_is_carried_out() -> None:
    sale, _case, dispute = heard()
    assert quarrels(sale) == (1, 0, 0)
    rule(sale, dispute.id, FOR_BUYER)
    assert quarrels(sale) == (1, 0, 0), "it may be appealed against"
    with clock.shifted(rules.APPEAL_WITHIN.on(clock.now()) + timedelta(minutes=1)):
        assert sweep_disputes(clock.now(), limit=1_000_000) >= 1
    assert quarrels(sale) == (1, 1, 1)
    assert back(sale) == (1, 3), "and the ruling gave the money of one back"
    assert reputations(sale.earner)[0].disputed == Rate(1, 1, 5)


def test_one_that_was_ruled_for_the_shop_counts_as_ruled_alone() -> None:
    sale, _case, dispute = heard()
    rule(sale, dispute.id, FOR_SELLER)
    do(sale, accept_ruling, dispute.id, side=Side.BUYER, actor=sale.buyer)
    assert (quarrels(sale), back(sale)) == ((1, 1, 0), (0, 3))


def test_of_an_appeal_the_second_ruling_counts_once() -> None:
    sale, _case, dispute = heard()
    rule(sale, dispute.id, FOR_BUYER)
    do(sale, appeal, dispute.id, "请复核", side=Side.SELLER, actor=STAFF)
    rule(sale, dispute.id, FOR_SELLER, OTHER)
    assert quarrels(sale) == (1, 1, 0)


def test_part_of_the_money_is_lost_too_and_a_small_part_is_no_return() -> None:
    sale, _case, dispute = heard()
    rule(sale, dispute.id, Decision("part", "fairness", "双方各有责任。", goods_fen=1_000))
    with clock.shifted(rules.APPEAL_WITHIN.on(clock.now()) + timedelta(minutes=1)):
        sweep_disputes(clock.now(), 1_000_000)
    assert (quarrels(sale), back(sale)) == ((1, 1, 1), (0, 3))


def test_a_shop_that_gives_in_before_the_platform_was_disputed_all_the_same() -> None:
    """Else refusing whoever does not call the platform would cost nothing."""
    sale, _case, dispute = disputed()
    do(sale, concede, dispute.id, side=Side.SELLER, actor=STAFF)
    assert (quarrels(sale), back(sale)) == ((1, 0, 0), (1, 3))


def test_one_that_was_taken_back_counts_for_nothing() -> None:
    sale, case, dispute = disputed()
    do(sale, drop_dispute, dispute.id, side=Side.BUYER, actor=sale.buyer)
    assert quarrels(sale) == (0, 0, 0)
    again = do(sale, open_dispute, case.id, "还是要平台判", side=Side.BUYER, actor=sale.buyer)
    do(sale, state_case, again.id, "包装完好", side=Side.SELLER, actor=STAFF)
    assert quarrels(sale) == (1, 0, 0)


# The sums, pure


UNITS = st.integers(1, 50)


@pytest.mark.pure
@given(UNITS, st.data())
def test_never_more_units_come_back_than_left(quantity: int, data: st.DataObject) -> None:
    sent = data.draw(st.integers(0, quantity))
    gone = data.draw(st.integers(0, quantity))
    bought = Bought(quantity, 100 * quantity)
    told = LineState(sent, gone).figures(bought)
    assert 0 <= told["units_back"] <= min(sent, gone)
    assert told["units_back"] == max(0, gone - (quantity - sent)), "those that never left went first"
    asked = data.draw(st.integers(0, gone))
    told = LineState(sent, gone, asked).figures(bought)
    assert min(sent, asked) <= told["units_back"] <= min(sent, gone)


@pytest.mark.pure
def test_what_cost_nothing_tells_nothing() -> None:
    gift = Bought(3, 0)
    assert LineState(sent=3, gone=1, stars=5).figures(gift) == {}
    assert units_gone(2, 0, gift, keeps_goods=True) == 2
