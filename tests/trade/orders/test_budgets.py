"""A rule with a budget: used up it serves no more, and the buyer's price is untouched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from tests.faces.console.support import paid_order
from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.terms.plans.support import a_plan, an_earner, brought, earned_by, spent
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.bulk import Together
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.reading import read
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans.budgets import (
    ask_lock_budgets,
    give_back,
    return_budgets,
    return_earned,
    write_spends,
)
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionRule, CommissionUse
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.operations import Placed
from tongdao.trade.orders.operations.closing import begin_close, finish_close
from tongdao.trade.orders.operations.placing import place
from tongdao.trade.orders.wishing import Wish

REST = Rule(rate_bps=100)


def a_shop(budget: int = 2_500) -> tuple[Shop, UUID]:
    """10 % while the budget lasts, then 1 %; and a visitor who was brought."""
    shop = make_shop((10_000,), stock=1_000)
    a_plan(shop, Rule(rate_bps=1_000, budget_fen=Fen(budget)), REST)
    return shop, brought(shop, an_earner(shop))


def buy(shop: Shop, visitor: UUID) -> tuple[Placed, int]:
    placed = place_one(a_request(shop, visitor=visitor), shop)
    assert placed.total_fen == 10_000
    ((fen, _),) = earned_by(shop, placed.order_ids[0])
    return placed, fen


def test_when_it_is_used_up_the_next_rule_serves() -> None:
    shop, visitor = a_shop()
    assert [buy(shop, visitor)[1] for _ in range(4)] == [1_000, 1_000, 100, 100]
    assert spent(shop) == 2_000


def test_within_a_batch_too() -> None:
    shop, visitor = a_shop()
    answers = place(shop.merchant_id, [a_request(shop, visitor=visitor) for _ in range(4)])
    earned = [earned_by(shop, one.order_ids[0])[0] for one in answers if isinstance(one, Placed)]
    assert earned == [(1_000, "plan:1.1")] * 2 + [(100, "plan:1.2")] * 2
    assert spent(shop) == 2_000


def test_many_at_once_take_what_there_is_and_no_more() -> None:
    shop, visitor = a_shop(5_500)
    wishes = [[a_request(shop, visitor=visitor) for _ in range(3)] for _ in range(6)]

    def work(batch: list[Wish]) -> list[Placed | Refusal]:
        try:
            return list(place(shop.merchant_id, batch))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        placed = [one for batch in pool.map(work, wishes) for one in batch]
    earned = [earned_by(shop, one.order_ids[0])[0][0] for one in placed if isinstance(one, Placed)]
    assert sorted(earned) == [100] * 13 + [1_000] * 5
    assert spent(shop) == 5_000


def test_control_without_the_lock_two_take_what_only_one_can_have() -> None:
    shop, visitor = a_shop(1_000)
    with merchant_scope(shop.merchant_id):
        rule = CommissionRule.objects.get(budget_fen__isnull=False).id
        stale = read(ask_lock_budgets([rule]))
    buy(shop, visitor)
    assert stale[rule] == 1_000
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id):
        together = Together()
        write_spends(together, [(uuid7(), {rule: stale[rule]})])
        together.execute()
    assert spent(shop) == 1_000


def test_orders_that_no_budget_serves_touch_none() -> None:
    shop = make_shop((10_000, 5_000))
    a_plan(shop, Rule(rate_bps=1_000, budget_fen=Fen(9_000), sku_id=shop.skus[0]), REST)
    visitor = brought(shop, an_earner(shop))
    sent: list[str] = []

    def note(run, statement, *rest):  # type: ignore[no-untyped-def]  # as Django calls it
        sent.append(str(statement))
        return run(statement, *rest)

    with connection.execute_wrapper(note):
        place(shop.merchant_id, [a_request(shop, visitor=visitor, skus=shop.skus[1:])])
        assert not any("commission_budget\nwhere" in text for text in sent)
        place(shop.merchant_id, [a_request(shop, visitor=visitor, skus=shop.skus[:1])])
        assert any("commission_budget\nwhere" in text for text in sent)


def test_closed_unpaid_gives_it_back_once() -> None:
    shop, visitor = a_shop()
    placed, _ = buy(shop, visitor)
    for _ in range(2):
        with merchant_scope(shop.merchant_id):
            begin_close(placed.purchase_id, reason="unpaid", actor=SYSTEM)
            finish_close(placed.purchase_id, actor=SYSTEM)
        assert spent(shop) == 0
    with merchant_scope(shop.merchant_id):
        assert return_budgets(placed.order_ids) == 0


def test_many_who_give_back_at_once_give_back_once() -> None:
    """What is left to give back is read after the wait for the budget."""
    shop, visitor = a_shop()
    order_id = buy(shop, visitor)[0].order_ids[0]

    def back(number: int) -> Fen:
        try:
            with merchant_scope(shop.merchant_id):
                if number % 2:
                    return return_budgets([order_id])
                return return_earned({order_id: {"plan:1.1": Fen(400)}})
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(back, range(6))) == 1_000
    assert spent(shop) == 0


def test_control_what_was_read_before_the_wait_gives_back_twice() -> None:
    shop, visitor = a_shop()
    order_id = buy(shop, visitor)[0].order_ids[0]
    with merchant_scope(shop.merchant_id):
        stale = CommissionUse.objects.get()
        return_budgets([order_id])
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id):
        give_back({stale.id: Fen(stale.taken_fen - stale.back_fen)})
    assert spent(shop) == 0


def test_cancelled_gives_it_back() -> None:
    shop, visitor = a_shop()
    order_id = paid_order(shop, visitor=visitor)
    assert spent(shop) == 1_000
    with merchant_scope(shop.merchant_id):
        cancel_order(order_id, reason="other", actor=SYSTEM)
    assert spent(shop) == 0


def test_refunded_in_part_gives_back_what_was_refunded_and_never_more() -> None:
    shop, visitor = a_shop()
    order_id = buy(shop, visitor)[0].order_ids[0]
    steps = [("plan:1.1", 300, 300, 700), ("plan:1.2", 9, 0, 700), ("plan:1.1", 900, 700, 0)]
    for rule, back, given, left in steps:
        with merchant_scope(shop.merchant_id):
            assert return_earned({order_id: {rule: Fen(back)}}) == given
        assert spent(shop) == left
    with merchant_scope(shop.merchant_id):
        assert CommissionUse.objects.get().back_fen == 1_000
