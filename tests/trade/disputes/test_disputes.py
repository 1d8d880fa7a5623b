"""What both sides cannot settle: heard, ruled, appealed once, carried out by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import IntegrityError, connections

from tests.faces.console.support import paid_order
from tests.faces.promoter.support import PRICE, SHARE, release
from tests.support.builders import make_shop
from tests.support.complaining import STAFF, Sale, arrived_line, disputed, do, heard, sold
from tests.trade.payments.test_loop import balances
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.rewards.commissions.models import Commission
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    grant_case,
    open_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    withdraw_case,
)
from tongdao.trade.aftersales.operations.timing import sweep_cases
from tongdao.trade.aftersales.refusals import CaseDisputed
from tongdao.trade.disputes.models import Dispute, Ruling
from tongdao.trade.disputes.operations import (
    Decision,
    accept_ruling,
    appeal,
    drop_dispute,
    open_dispute,
    rule_dispute,
    state_case,
    sweep_disputes,
)
from tongdao.trade.disputes.queries import dispute_of, may_call
from tongdao.trade.disputes.refusals import (
    DisputeMoved,
    NotDisputable,
    NotYoursToAppeal,
    RulingIncomplete,
    SameArbiter,
    StatementMissing,
    TooEarlyToRule,
)
from tongdao.trade.orders.models import Order, OrderLine

ARBITER, OTHER = (Actor("operator", uuid7()) for _ in range(2))
FOR_BUYER = Decision("buyer", "quality", "照片与描述不符，支持买家。")
FOR_SELLER = Decision("seller", "goods_used", "商品已使用，支持商家。")


def rule(sale: Sale, dispute: Dispute, decision: Decision, arbiter: Actor = ARBITER) -> Ruling:
    ruling: Ruling = do(sale, rule_dispute, dispute.id, decision, actor=arbiter)
    return ruling


def state(sale: Sale, dispute: Dispute) -> str:
    with merchant_scope(sale.earner.shop.merchant_id):
        return str(Dispute.objects.get(pk=dispute.id).state)


def test_a_ruling_for_the_buyer_is_carried_out_when_nobody_appeals() -> None:
    sale, case, dispute = heard()
    before = balances(sale.earner.shop)
    rule(sale, dispute, FOR_BUYER)
    assert sale.case(case).state == "refused", "an appeal is still possible"
    with clock.shifted(rules.APPEAL_WITHIN.on(clock.now()) + timedelta(minutes=1)):
        assert sweep_disputes(clock.now(), 1_000_000) >= 1
    assert (sale.case(case).state, state(sale, dispute)) == ("granted", "enforced")
    assert sale.refunds() == [PRICE]
    after = balances(sale.earner.shop)
    assert before["held.promoter"] - after["held.promoter"] == SHARE
    with merchant_scope(sale.earner.shop.merchant_id):
        assert Commission.objects.get().clawed_fen == SHARE
    deed = OperatorDeed.objects.get(subject_id=str(dispute.id))
    assert (deed.act, deed.details["outcome"]) == ("dispute.rule", "buyer")


def test_the_clock_of_the_case_stands_still_and_goes_on() -> None:
    sale, case, dispute = disputed()
    left = sale.case(case).paused_left
    assert left is not None
    assert rules.REFUSED_MAY_ESCALATE.on(clock.now()) - left < timedelta(minutes=1)
    with clock.shifted(timedelta(days=30)):
        sweep_cases(clock.now(), 1_000_000)
    assert sale.case(case).state == "refused"
    for act, more in ((grant_case, {}), (withdraw_case, {"actor": sale.buyer})):
        with pytest.raises(CaseDisputed):
            sale.do(act, case, **more)
    with clock.shifted(timedelta(days=2)):
        do(sale, drop_dispute, dispute.id, side=Side.BUYER, actor=sale.buyer)
        due = sale.case(case).due_at
        assert due is not None
        assert abs(due - clock.now() - left) < timedelta(minutes=1)


def test_part_of_the_money_and_the_rest_stays_with_the_seller() -> None:
    sale, case, dispute = heard()
    for fen in (0, PRICE + 1, None):
        with pytest.raises(RulingIncomplete):
            rule(sale, dispute, Decision("part", "fairness", "各担一半", goods_fen=fen))
    rule(sale, dispute, Decision("part", "fairness", "各担一半", goods_fen=PRICE // 2))
    do(sale, appeal, dispute.id, "仍不同意", side=Side.SELLER, actor=STAFF)
    rule(sale, dispute, Decision("part", "fairness", "维持原裁决", goods_fen=PRICE // 2), OTHER)
    assert (sale.case(case).state, sale.refunds()) == ("granted", [PRICE // 2])


def test_goods_first_then_money() -> None:
    sale = sold(3)
    case = sale.ask("return_refund", "quality")
    sale.do(refuse_case, case, "as_described", text="不同意")
    dispute = do(sale, open_dispute, case.id, "请平台看", side=Side.BUYER, actor=sale.buyer)
    do(sale, state_case, dispute.id, "无问题", side=Side.SELLER, actor=STAFF)
    rule(sale, dispute, Decision("buyer", "quality", "退货退款", goods_back=True))
    do(sale, accept_ruling, dispute.id, side=Side.SELLER, actor=STAFF)
    assert sale.case(case).state == "agreed"
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    sale.do(receive_return, case, {sale.line.id: 1})
    sale.do(grant_case, case)
    assert (sale.refunds(), sale.stock()) == ([PRICE], (98, 0))


def test_goods_that_came_back_by_a_ruling_and_are_refused_may_be_asked_about_once_more() -> None:
    """Else the shop would have the goods and the money, whatever was ruled."""
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    sale.do(refuse_case, case, "as_described", text="不同意")
    dispute = do(sale, open_dispute, case.id, "请平台看", side=Side.BUYER, actor=sale.buyer)
    do(sale, state_case, dispute.id, "无问题", side=Side.SELLER, actor=STAFF)
    rule(sale, dispute, Decision("buyer", "quality", "退货退款", goods_back=True))
    do(sale, accept_ruling, dispute.id, side=Side.SELLER, actor=STAFF)
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    assert not buyer_may_call(sale, case)
    sale.do(receive_return, case, {})
    sale.do(refuse_case, case, "used", text="有使用痕迹")
    assert buyer_may_call(sale, case)
    again = do(sale, open_dispute, case.id, "原样寄回", side=Side.BUYER, actor=sale.buyer)
    assert again.id != dispute.id
    do(sale, state_case, again.id, "有照片", side=Side.SELLER, actor=STAFF)
    with pytest.raises(RulingIncomplete):
        rule(sale, again, Decision("buyer", "quality", "再退一次", goods_back=True), OTHER)
    rule(sale, again, FOR_SELLER, OTHER)
    do(sale, accept_ruling, again.id, side=Side.BUYER, actor=sale.buyer)
    assert (sale.case(case).state, sale.refunds(), buyer_may_call(sale, case)) == ("closed", [], False)
    with pytest.raises(NotDisputable):
        do(sale, open_dispute, case.id, "再来", side=Side.BUYER, actor=sale.buyer)


def buyer_may_call(sale: Sale, case: AfterSale) -> bool:
    with merchant_scope(sale.earner.shop.merchant_id):
        return may_call(AfterSale.objects.get(pk=case.id), Side.BUYER, dispute_of(case.id))


def test_a_part_of_the_money_is_of_one_line() -> None:
    """An amount would not say of which, and all of both would go back."""
    shop = make_shop((PRICE, PRICE))
    order_id = paid_order(shop, skus=shop.skus)
    arrived_line(shop, order_id)
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get(pk=order_id)
        buyer, lines = Actor("person", order.person_id), OrderLine.objects.filter(order=order)
        wish = CaseWish(order_id, "refund_only", {line.id: 1 for line in lines}, "quality")
        case = open_case(wish, actor=buyer)
        dispute = open_dispute(case.id, "像是欺诈", side=Side.SELLER, actor=STAFF)
        state_case(dispute.id, "两件都受潮", side=Side.BUYER, actor=buyer)
        with pytest.raises(RulingIncomplete):
            rule_dispute(dispute.id, Decision("part", "fairness", "各半", goods_fen=100), actor=ARBITER)
        rule_dispute(dispute.id, FOR_BUYER, actor=ARBITER)


def test_a_ruling_for_the_seller_closes_the_case_and_frees_what_waited() -> None:
    sale, case, dispute = heard(1)
    sale.earner.receive(sale.order_id)
    assert release(sale.earner.shop, sale.order_id) == 0
    rule(sale, dispute, FOR_SELLER)
    do(sale, accept_ruling, dispute.id, side=Side.BUYER, actor=sale.buyer)
    assert (sale.case(case).state, sale.refunds()) == ("closed", [])
    assert release(sale.earner.shop, sale.order_id) == 1
    with pytest.raises(NotDisputable):
        do(sale, open_dispute, case.id, "再来一次", side=Side.BUYER, actor=sale.buyer)


def test_an_appeal_is_heard_once_and_by_somebody_else() -> None:
    sale, case, dispute = heard()
    rule(sale, dispute, FOR_SELLER)
    with pytest.raises(NotYoursToAppeal):
        do(sale, appeal, dispute.id, "赢了也要上诉", side=Side.SELLER, actor=STAFF)
    do(sale, appeal, dispute.id, "视频显示受潮", side=Side.BUYER, actor=sale.buyer)
    with pytest.raises(SameArbiter):
        rule(sale, dispute, FOR_BUYER)
    rule(sale, dispute, FOR_BUYER, OTHER)
    assert (sale.case(case).state, state(sale, dispute)) == ("granted", "enforced")
    for again in (FOR_SELLER, FOR_BUYER):
        with pytest.raises(DisputeMoved):
            rule(sale, dispute, again, Actor("operator", uuid7()))
    with pytest.raises(DisputeMoved):
        do(sale, appeal, dispute.id, "还要", side=Side.SELLER, actor=STAFF)


def test_nobody_is_ruled_against_unheard() -> None:
    sale, _, dispute = disputed()
    with pytest.raises(TooEarlyToRule):
        rule(sale, dispute, FOR_BUYER)
    with clock.shifted(rules.DISPUTE_ANSWER.on(clock.now()) + timedelta(minutes=1)):
        rule(sale, dispute, FOR_BUYER)


def test_who_may_call_the_platform_and_when() -> None:
    sale = sold(2)
    case = sale.ask("refund_only", "quality")
    with pytest.raises(NotDisputable):
        do(sale, open_dispute, case.id, "先告状", side=Side.BUYER, actor=sale.buyer)
    with pytest.raises(NotFound):
        do(sale, open_dispute, case.id, "路人", side=Side.BUYER, actor=Actor("person", create_guest().id))
    with pytest.raises(StatementMissing):
        do(sale, open_dispute, case.id, " ", side=Side.SELLER, actor=STAFF)
    dispute = do(sale, open_dispute, case.id, "像是欺诈", side=Side.SELLER, actor=STAFF)
    assert do(sale, open_dispute, case.id, "像是欺诈", side=Side.SELLER, actor=STAFF).id == dispute.id
    with pytest.raises(DisputeMoved):
        do(sale, drop_dispute, dispute.id, side=Side.BUYER, actor=sale.buyer)
    with pytest.raises(NotAllowed):
        rule(sale, dispute, FOR_BUYER, STAFF)


def test_refund_and_dispute_never_pay_twice() -> None:
    """Staff give the money back beside it, and the arbiter rules for the buyer at the same moment."""
    sale, case, dispute = heard(1)
    do(sale, appeal, rule(sale, dispute, FOR_SELLER).dispute_id, "不服", side=Side.BUYER, actor=sale.buyer)
    units, ready = {sale.line.id: 1}, Barrier(2)

    def give_back() -> None:
        refund_lines(sale.order_id, units, freight="share", reason="agreed", actor=STAFF)

    def ruled() -> None:
        rule_dispute(dispute.id, FOR_BUYER, actor=OTHER)

    def run(act: Callable[[], None]) -> str:
        ready.wait()
        try:
            do(sale, act)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(run, (give_back, ruled)))
    assert answers in (["done", "done"], ["done", "order_not_refundable"], ["done", "more_than_bought"])
    assert sale.refunds() == [PRICE], "once, whoever was first"
    assert sale.case(case).ended_at is not None or sale.case(case).state == "granted"


@pytest.mark.parametrize("constraint", ["dispute_one_open_a_case", "dispute_ruling_two_arbiters"])
def test_the_database_holds_to_it_too(constraint: str) -> None:
    sale, case, dispute = heard()
    rule(sale, dispute, FOR_SELLER)
    now = clock.now()
    with pytest.raises(IntegrityError, match=constraint), merchant_scope(sale.earner.shop.merchant_id):
        if constraint == "dispute_one_open_a_case":
            Dispute.objects.create(
                aftersale=case,
                order_id=case.order_id,
                person_id=case.person_id,
                opened_by="buyer",
                opened_at=now,
                answer_by=now,
            )
        else:
            Ruling.objects.create(
                dispute=dispute,
                round=2,
                outcome="buyer",
                goods_back=False,
                rule="quality",
                text="同一人",
                arbiter_id=_uuid(ARBITER),
                ruled_at=now,
            )


def _uuid(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id
