"""Every declared step of a case is walked by operations; drawn walks of all who may act keep the books."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faces.promoter.support import PRICE
from tests.support.complaining import STAFF, Sale, handed_over, shown_picture, sold
from tests.trade.payments.test_loop import balances
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.aftersales.models import AfterSale, LineRefunded, Side
from tongdao.trade.aftersales.operations import (
    agree_to_case,
    confirm_replacement,
    grant_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    settle_cases,
    ship_replacement,
    withdraw_case,
)
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import (
    Decision,
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    rule_dispute,
    state_case,
)
from tongdao.trade.payments.models import Refund

Step = tuple[str, str]
Act = Callable[[Sale, AfterSale], Any]


def _staff_give_all(sale: Sale, case: AfterSale) -> None:
    units = {sale.line.id: 1}
    with merchant_scope(sale.earner.shop.merchant_id):
        refund_lines(sale.order_id, units, freight="share", reason="agreed", actor=STAFF)


def _nothing_left(sale: Sale, case: AfterSale) -> None:
    _staff_give_all(sale, case)
    sale.do(grant_case, case)


def _settled(sale: Sale, case: AfterSale) -> None:
    with merchant_scope(sale.earner.shop.merchant_id):
        refund = AfterSale.objects.get(pk=case.id).refund_id
        assert refund is not None
        settle_cases(refund, actor=SYSTEM)


def _objected(sale: Sale, case: AfterSale) -> None:
    if sale.case(case).return_parcel_id:
        handed_over(sale, case)
    sale.do(refuse_case, case, "not_what_was_sold", text="盒子是空的", files=[shown_picture()])


WAY_BACK = ("yunda", "YD12345678")
ACTS: dict[Step, Act] = {
    ("requested", "granted"): lambda sale, case: sale.do(grant_case, case),
    ("requested", "agreed"): lambda sale, case: sale.do(agree_to_case, case),
    ("requested", "refused"): lambda sale, case: sale.do(refuse_case, case, "used", text="有使用痕迹"),
    ("requested", "closed"): _nothing_left,
    ("requested", "withdrawn"): lambda sale, case: sale.do(withdraw_case, case, actor=sale.buyer),
    ("agreed", "returning"): lambda sale, case: sale.do(
        send_back, case, "yunda", "YD123456", actor=sale.buyer
    ),
    ("agreed", "granted"): lambda sale, case: sale.do(grant_case, case),
    ("agreed", "lapsed"): lambda sale, case: sale.pass_time(case, timedelta(days=8)),
    ("agreed", "closed"): _nothing_left,
    ("agreed", "withdrawn"): lambda sale, case: sale.do(withdraw_case, case, actor=sale.buyer),
    ("returning", "refused"): _objected,
    ("returning", "received"): lambda sale, case: sale.do(receive_return, case, {}),
    ("received", "granted"): lambda sale, case: sale.do(grant_case, case),
    ("received", "refused"): lambda sale, case: sale.do(refuse_case, case, "used", text="有使用痕迹"),
    ("received", "closed"): _nothing_left,
    ("received", "replaced"): lambda sale, case: sale.do(ship_replacement, case, "yunda", "YD123457"),
    ("replaced", "settled"): lambda sale, case: sale.do(confirm_replacement, case, actor=sale.buyer),
    ("refused", "granted"): lambda sale, case: sale.do(grant_case, case),
    ("refused", "agreed"): lambda sale, case: sale.do(agree_to_case, case),
    ("refused", "closed"): lambda sale, case: sale.pass_time(case, timedelta(days=8)),
    ("refused", "withdrawn"): lambda sale, case: sale.do(withdraw_case, case, actor=sale.buyer),
    ("granted", "settled"): _settled,
}


def way_to(step: Step) -> list[Step]:
    """The shortest way that ends with the step."""
    queue: deque[list[Step]] = deque([[]])
    while queue:
        way = queue.popleft()
        here = way[-1][1] if way else AFTER_SALE.initial
        if here == step[0]:
            return [*way, step]
        queue.extend([*way, (here, to)] for frm, to in sorted(AFTER_SALE.transitions) if frm == here)
    raise AssertionError(step)


def kind_for(way: list[Step]) -> str:
    states = {state for step in way for state in step}
    if "replaced" in states:
        return "exchange"
    return "return_refund" if "agreed" in states else "refund_only"


def test_every_step_has_somebody_who_takes_it() -> None:
    assert ACTS.keys() == AFTER_SALE.transitions


@pytest.mark.parametrize("step", sorted(AFTER_SALE.transitions), ids="-".join)
def test_each_step_is_walked(step: Step) -> None:
    way = way_to(step)
    sale = sold(1)
    case = sale.ask(kind_for(way), "quality")
    for frm, to in way:
        assert sale.case(case).state == frm
        ACTS[frm, to](sale, case)
        assert sale.case(case).state == to
    _check(sale)


MOVES: list[Act] = [
    *(act for step, act in sorted(ACTS.items()) if act not in (_nothing_left, _settled)),
    _staff_give_all,
    lambda sale, case: sale.pass_time(case, timedelta(days=12)),
]


def _dispute_of(sale: Sale, case: AfterSale) -> Dispute:
    with merchant_scope(sale.earner.shop.merchant_id):
        return Dispute.objects.filter(aftersale_id=case.id).latest("opened_at")


def _in(sale: Sale, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with merchant_scope(sale.earner.shop.merchant_id):
        return act(*args, **more)


def _sides(sale: Sale) -> dict[Side, Actor]:
    return {Side.BUYER: sale.buyer, Side.SELLER: STAFF}


def _disputing(name: str, side: Side) -> Act:
    def act(sale: Sale, case: AfterSale) -> None:
        who = _sides(sale)[side]
        if name == "open":
            _in(sale, open_dispute, case.id, "请平台裁决", side=side, actor=who)
            return
        with suppress(Dispute.DoesNotExist):
            dispute = _dispute_of(sale, case)
            if name == "state":
                _in(sale, state_case, dispute.id, "陈述", side=side, actor=who)
            elif name == "drop":
                _in(sale, drop_dispute, dispute.id, side=side, actor=who)
            elif name == "concede":
                _in(sale, concede, dispute.id, side=side, actor=who)
            elif name == "appeal":
                _in(sale, appeal, dispute.id, "不服", side=side, actor=who)
            elif name == "accept":
                _in(sale, accept_ruling, dispute.id, side=side, actor=who)

    return act


def _ruling(outcome: str, fen: int | None) -> Act:
    def act(sale: Sale, case: AfterSale) -> None:
        with suppress(Dispute.DoesNotExist):
            decision = Decision(outcome, "fairness", "依据双方证据裁决", goods_fen=fen)
            _in(sale, rule_dispute, _dispute_of(sale, case).id, decision, actor=Actor("operator", uuid7()))

    return act


MOVES += [
    _disputing(name, side)
    for name in ("open", "state", "drop", "concede", "appeal", "accept")
    for side in (Side.BUYER, Side.SELLER)
]
MOVES += [_ruling("buyer", None), _ruling("seller", None), _ruling("part", PRICE // 3)]
KINDS = (
    ("refund_only", 0),
    ("return_refund", 0),
    ("exchange", 0),
    ("repair", 0),
    ("price_adjustment", 3_000),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whoever_does_what_in_whatever_order_the_books_are_right(data: st.DataObject) -> None:
    sale = sold(3)
    cases: list[AfterSale] = []
    for _ in range(data.draw(st.integers(4, 14))):
        if not cases or data.draw(st.integers(0, 3)) == 0:
            kind, fen = data.draw(st.sampled_from(KINDS))
            with suppress(Refusal):
                wish = {"asked_fen": fen} if fen else {}
                cases.append(sale.ask(kind, "quality", data.draw(st.integers(1, 2)), **wish))
        else:
            case, move = data.draw(st.sampled_from(cases)), data.draw(st.sampled_from(MOVES))
            with suppress(Refusal):
                move(sale, case)
        _check(sale)


def _check(sale: Sale) -> None:
    """Whatever happened: no more than was paid, each fen from its share, stock by its movements."""
    with merchant_scope(sale.earner.shop.merchant_id):
        refunded = sum(Refund.objects.values_list("amount_fen", flat=True))
        rows = list(LineRefunded.objects.all())
        assert refunded == sum(row.fen for row in rows)
        assert all(row.goods_fen + row.kept_fen <= row.of_goods_fen for row in rows)
        moved = sum(StockMovement.objects.values_list("delta", flat=True))
        assert Stock.objects.get().on_hand == moved
        for case in AfterSale.objects.all():
            assert (case.ended_at is not None) == (case.state in AFTER_SALE.final)
            assert case.due_at is None or case.paused_left is None
            assert case.refund_id is None or case.state in ("granted", "settled")
        for row in Commission.objects.all():
            kept = sum(line.of_goods_fen - line.goods_fen for line in rows) if rows else None
            assert kept is None or (row.amount_fen - row.clawed_fen) * 10 <= kept + 9
        waits = AfterSale.objects.filter(ended_at__isnull=True).exists()
    assert waits or sale.order.confirm_held_at is None, "nothing is open, so the timer goes on"
    left = balances(sale.earner.shop)
    assert sum(left.values()) == 0
    assert left.get("refund_due", 0) == refunded
    assert_ledger_sound(sale.earner.shop.merchant_id)
