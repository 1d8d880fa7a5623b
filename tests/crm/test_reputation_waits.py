"""How long buyers wait: each conversation and each case once, by its longest wait, and silence counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.crm.reputing import reputations
from tests.support.complaining import STAFF, Sale, do, sold
from tests.trade.talk.support import Table, make_table, said
from tongdao.crm.reputation.counting import WaitState
from tongdao.crm.reputation.queries import Mean, Rate, Reputation
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.operations import agree_to_case, grant_case, refuse_case, withdraw_case
from tongdao.trade.disputes.operations import open_dispute
from tongdao.trade.talk.operations import send_as_staff, settle_talk

HOUR = timedelta(hours=1)
LEAST = 5
NOON = datetime.fromisoformat("2026-11-02T04:00:00+00:00")


@pytest.fixture
def table() -> Table:
    return make_table()


def later(hours: float) -> clock.shifted:
    return clock.shifted(timedelta(hours=hours))


def answered(found: Reputation) -> tuple[int, int]:
    """How many were answered in time, of how many."""
    return found.answered.part, found.answered.whole


def shop(table: Table) -> tuple[int, int]:
    return answered(reputations(table.earner)[0])


def promoter(table: Table) -> tuple[int, int]:
    return answered(reputations(table.earner)[2])


def case_waits(sale: Sale) -> tuple[int, int]:
    return answered(reputations(sale.earner)[0])


def hours_waited(found: Reputation) -> int:
    return round(found.to_answer.seconds / 3600)


# Conversations


def test_a_conversation_counts_once_by_its_longest_wait(table: Table) -> None:
    table.ask()
    with later(3):
        table.answer()
    assert shop(table) == (1, 1)
    for day in range(1, 4):
        with later(24 * day):
            table.ask(f"还有一个问题{day}")
        with later(24 * day + 1):
            table.answer(f"好的{day}")
    found = reputations(table.earner)[0]
    assert (answered(found), hours_waited(found)) == ((1, 1), 3), "small talk makes nobody quicker"
    with later(120):
        table.ask("还在吗？")
    with later(150):
        table.answer("在的。")
    found = reputations(table.earner)[0]
    assert (answered(found), hours_waited(found)) == ((0, 1), 30)


def test_words_that_nobody_asked_for_are_no_answer(table: Table) -> None:
    table.answer("您好")
    assert shop(table) == (0, 0)


def test_who_waits_too_long_already_was_not_answered_in_time(table: Table) -> None:
    table.ask()
    with later(23):
        assert shop(table) == (0, 0)
    with later(25):
        found = reputations(table.earner)[0]
        assert (answered(found), found.to_answer) == ((0, 1), Mean(0, 0, LEAST))
        table.answer()
        assert shop(table) == (0, 1), "once, also after the answer"


def test_one_that_was_answered_before_and_waits_again_is_late_once(table: Table) -> None:
    table.ask()
    with later(1):
        table.answer()
        table.ask("那多久到？")
    with later(20):
        assert shop(table) == (1, 1)
    with later(26):
        assert shop(table) == (0, 1)


def test_what_needs_no_answer_makes_nobody_quicker_and_saves_nobody(table: Table) -> None:
    table.ask("谢谢")
    with merchant_scope(table.shop.merchant_id):
        settle_talk(table.order_id, 1, actor=table.clerk)
    assert shop(table) == (0, 0)
    table.ask("还有货吗？")
    with later(30), merchant_scope(table.shop.merchant_id):
        settle_talk(table.order_id, 2, actor=table.clerk)
    with later(31):
        assert shop(table) == (0, 1)


def test_what_came_after_the_settled_words_waits_on(table: Table) -> None:
    table.ask("谢谢")
    table.ask("还有货吗？")
    with merchant_scope(table.shop.merchant_id):
        settle_talk(table.order_id, 1, actor=table.clerk)
    with later(25):
        assert shop(table) == (0, 1)


def test_a_promoter_owes_its_own_answers_and_the_shop_owes_its_own(table: Table) -> None:
    table.ask(promoter=True)
    with later(2):
        table.recommend()
    assert (promoter(table), shop(table)) == ((1, 1), (0, 0))
    with later(3):
        table.ask("那这款呢？", promoter=True)
    with later(40):
        table.answer(promoter=True)
        assert (promoter(table), shop(table)) == ((0, 1), (0, 0)), "the shop had to step in, late"
    assert answered(reputations(table.earner)[1]) == (0, 0), "nobody waits for a product"


def test_who_answers_itself_is_not_quick(table: Table) -> None:
    assert table.buyer.id
    with merchant_scope(table.shop.merchant_id):
        add_staff(table.buyer.id, Role.SERVICE, actor=table.clerk)
    table.ask()
    buyer = type(table.buyer)("staff", table.buyer.id)
    with merchant_scope(table.shop.merchant_id):
        send_as_staff(table.order_id, said("有的。"), actor=buyer)
    assert shop(table) == (0, 0)


# Cases


def test_the_first_answer_to_a_case_counts_whatever_it_says() -> None:
    sale = sold(3)
    granted = sale.ask("refund_only", "quality")
    refused = sale.ask("return_refund", "quality")
    agreed = sale.ask("exchange", "quality")
    with later(2):
        sale.do(grant_case, granted)
    with later(4):
        sale.do(refuse_case, refused, "as_described", text="出库前有质检")
    with later(30):
        sale.do(agree_to_case, agreed)
        found = reputations(sale.earner)[0]
    assert (answered(found), hours_waited(found)) == ((2, 3), 2 + 4 + 30)


def test_what_the_clock_answered_is_a_full_wait() -> None:
    sale = sold(3)
    case = sale.ask("refund_only", "quality")
    assert sale.pass_time(case, timedelta(hours=49)).state == "granted"
    with later(50):
        found = reputations(sale.earner)[0]
    assert (answered(found), hours_waited(found)) == ((0, 1), 49)


def test_what_the_law_grants_waits_for_nobody() -> None:
    sale = sold(3)
    sale.ask("return_refund", "no_reason")
    with later(30):
        assert case_waits(sale) == (0, 0)


@pytest.mark.parametrize(("hours", "told"), [(5, (0, 0)), (30, (0, 1))])
def test_a_buyer_who_gives_up_counts_if_it_waited_too_long(hours: int, told: tuple[int, int]) -> None:
    sale = sold(3)
    case = sale.ask("refund_only", "quality")
    with later(hours):
        sale.do(withdraw_case, case, actor=sale.buyer)
    with later(100):
        assert case_waits(sale) == told


def test_a_shop_that_calls_the_platform_first_has_answered() -> None:
    sale = sold(3)
    case = sale.ask("refund_only", "quality")
    with later(6):
        do(sale, open_dispute, case.id, "买家要求与商品无关", side=Side.SELLER, actor=STAFF)
        found = reputations(sale.earner)[0]
    assert (answered(found), hours_waited(found)) == ((1, 1), 6)


def test_fewer_than_five_claim_nothing() -> None:
    assert Rate(4, 4, LEAST).bps is None
    assert Mean(400, 4, LEAST).time is None
    assert (Rate(4, 5, LEAST).bps, Mean(500, 5, LEAST).time) == (8_000, timedelta(seconds=100))


# The state, pure


@pytest.mark.pure
def test_a_shorter_wait_changes_nothing_and_a_late_one_stays_late() -> None:
    state = WaitState().begun(NOON).begun(NOON + HOUR)
    assert state.since == NOON
    state = state.ended(50, in_time=True).ended(20, in_time=True)
    assert (state.longest, state.in_time, state.since) == (50, True, None)
    state = state.ended(40, in_time=False).ended(60, in_time=True)
    assert (state.longest, state.in_time) == (60, False)
    assert WaitState().begun(NOON).dropped().figures() == {}
