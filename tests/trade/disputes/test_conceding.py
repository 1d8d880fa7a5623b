"""A side gives in before anything is ruled: the case goes on as the other side wants it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.faces.promoter.support import PRICE
from tests.support.complaining import STAFF, Sale, disputed, do, heard, sold
from tests.trade.disputes.test_disputes import FOR_BUYER, OTHER, rule, state
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import agree_to_case, receive_return, refuse_case, send_back
from tongdao.trade.aftersales.refusals import RefundChanged
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import concede, open_dispute, rule_dispute
from tongdao.trade.disputes.queries import dispute_of
from tongdao.trade.disputes.refusals import DisputeMoved


def called_by_shop(kind: str = "refund_only") -> tuple[Sale, AfterSale, Dispute]:
    sale = sold()
    case = sale.ask(kind, "quality")
    return sale, case, do(sale, open_dispute, case.id, "请裁决", side=Side.SELLER, actor=STAFF)


def may(sale: Sale, case: AfterSale, side: Side) -> tuple[str, ...]:
    found = do(sale, dispute_of, case.id)
    return tuple(found.may(side))


def test_the_shop_gives_the_money_that_it_has_seen() -> None:
    sale, case, dispute = disputed()
    assert "concede" in may(sale, case, Side.SELLER) and "concede" not in may(sale, case, Side.BUYER)
    with pytest.raises(RefundChanged):
        do(sale, concede, dispute.id, side=Side.SELLER, actor=STAFF, expected=PRICE - 1)
    assert state(sale, dispute) == "open" and sale.case(case).paused_left is not None
    do(sale, concede, dispute.id, side=Side.SELLER, actor=STAFF, expected=PRICE)
    assert (sale.case(case).state, state(sale, dispute), sale.refunds()) == ("granted", "dropped", [PRICE])
    assert sale.case(case).paused_left is None
    for again in (lambda: rule(sale, dispute, FOR_BUYER), lambda: give_in(sale, dispute)):
        with pytest.raises(DisputeMoved):
            again()
    assert sale.refunds() == [PRICE]


def give_in(sale: Sale, dispute: Dispute) -> None:
    do(sale, concede, dispute.id, side=Side.SELLER, actor=STAFF)


def test_goods_come_back_before_the_money() -> None:
    sale = sold()
    case = sale.ask("return_refund", "quality")
    sale.do(refuse_case, case, "as_described", text="完好")
    dispute = do(sale, open_dispute, case.id, "照片为证", side=Side.BUYER, actor=sale.buyer)
    give_in(sale, dispute)
    assert sale.case(case).state == "agreed" and sale.refunds() == [] and sale.case(case).due_at


def test_goods_that_are_back_are_not_sent_back_again() -> None:
    sale = sold()
    case = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    sale.do(receive_return, case, {})
    dispute = do(sale, open_dispute, case.id, "有使用痕迹", side=Side.SELLER, actor=STAFF)
    with pytest.raises(DisputeMoved):  # they lie at the shop
        do(sale, concede, dispute.id, side=Side.BUYER, actor=sale.buyer)
    give_in(sale, dispute)
    assert sale.case(case).state == "granted" and sale.refunds() == [PRICE]


def test_the_buyer_withdraws_where_the_shop_called() -> None:
    sale, case, dispute = called_by_shop()
    assert "concede" in may(sale, case, Side.BUYER)
    with pytest.raises(NotFound):
        do(sale, concede, dispute.id, side=Side.BUYER, actor=STAFF)
    do(sale, concede, dispute.id, side=Side.BUYER, actor=sale.buyer)
    ended = sale.case(case)
    assert (ended.state, ended.paused_left, state(sale, dispute)) == ("withdrawn", None, "dropped")
    assert sale.refunds() == []


def test_nobody_gives_in_to_what_is_ruled() -> None:
    sale, case, dispute = heard()
    rule(sale, dispute, FOR_BUYER)
    assert "concede" not in may(sale, case, Side.SELLER)
    with pytest.raises(DisputeMoved):
        give_in(sale, dispute)
    assert state(sale, dispute) == "ruled"


def test_giving_in_while_an_arbiter_rules() -> None:
    """Whoever is second is told so; the money goes once at most."""
    sale, case, dispute = heard()
    ready = Barrier(2)

    def run(act: int) -> str:
        ready.wait()
        try:
            if act:
                give_in(sale, dispute)
            else:
                do(sale, rule_dispute, dispute.id, FOR_BUYER, actor=OTHER)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(run, (0, 1)))
    assert answers == ["dispute_moved", "done"]
    ended = (sale.case(case).state, state(sale, dispute), sale.refunds())
    assert ended in (("granted", "dropped", [PRICE]), ("refused", "ruled", []))
