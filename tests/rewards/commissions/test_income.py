"""What promoters earn: the sums are the ledger's, each order is in one stage, and nobody counts another's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.faces.console.support import pay, place_order
from tests.faces.promoter.support import (
    PRICE,
    SHARE,
    VERSION,
    Earner,
    make_earner,
    make_promoted_shop,
    release,
)
from tests.support.builders import Shop
from tests.support.promoting import make_group_buy
from tests.support.statements import sent_statements
from tongdao.finance.ledger.chart import held_promoter, released_promoter
from tongdao.finance.ledger.queries import balance
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.operations import Consent, join_promoter, leave_promoter
from tongdao.party.network.queries import standing_of
from tongdao.reach.traffic.models import ShareLink
from tongdao.reach.traffic.operations import follow_link
from tongdao.rewards.commissions.queries import income, last_days, link_results, sale_lines, sales
from tongdao.terms.plans.operations import set_plan
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.operations.closing import begin_close, finish_close


@pytest.fixture
def shop() -> Shop:
    return make_promoted_shop()


@pytest.fixture
def earner(shop: Shop) -> Earner:
    return make_earner(shop)


def stages(earner: Earner) -> tuple[int, int, int]:
    with merchant_scope(earner.shop.merchant_id):
        found = income([earner.promoter_id])
        held, released = (
            balance(held_promoter(earner.promoter_id)),
            balance(released_promoter(earner.promoter_id)),
        )
        assert (found.held.fen, found.released.fen) == (held, released)
        listed = {
            stage: sum(sale.earned_fen for sale in sales([earner.promoter_id], stage=stage))
            for stage in ("held", "released")
        }
        assert listed == {"held": held, "released": released}, "the list adds up to the sums"
    return found.estimated.fen, found.held.fen, found.released.fen


def test_an_amount_moves_from_stage_to_stage(earner: Earner) -> None:
    assert stages(earner) == (0, 0, 0)
    order_id = earner.order(2)
    assert stages(earner) == (2 * SHARE, 0, 0)
    pay(earner.shop, order_id)
    assert stages(earner) == (0, 2 * SHARE, 0)
    earner.receive(order_id)
    assert stages(earner) == (0, 2 * SHARE, 0), "the buyer may still give it back"
    assert release(earner.shop, order_id) == 1
    assert stages(earner) == (0, 0, 2 * SHARE)
    assert release(earner.shop, order_id) == 0


def test_what_is_cancelled_or_closed_earns_nothing(earner: Earner) -> None:
    earner.cancel(earner.sell())
    given_up = earner.order()
    with merchant_scope(earner.shop.merchant_id):
        purchase_id = Order.objects.get(pk=given_up).purchase_id
        begin_close(purchase_id, reason="unpaid", actor=SYSTEM)
        finish_close(purchase_id, actor=SYSTEM)
        over = sales([earner.promoter_id], stage="over")
    assert stages(earner) == (0, 0, 0)
    assert [(sale.state, sale.close_reason) for sale in over] == [
        ("closed", "unpaid"),
        ("cancelled", "buyer"),
    ]


def test_each_promoter_counts_its_own_only(shop: Shop, earner: Earner) -> None:
    other = make_earner(shop, name="阿棠")
    earner.sell(2)
    order_id = other.sell()
    place_order(shop)  # by nobody's link
    assert stages(earner) == (0, 2 * SHARE, 0)
    assert stages(other) == (0, SHARE, 0)
    with merchant_scope(shop.merchant_id):
        assert sales([earner.promoter_id], order_id=order_id) == []
        assert sale_lines([earner.promoter_id], order_id) == []
        assert income([]).nothing
        assert not sales([])


def test_own_orders_earn_nothing(earner: Earner) -> None:
    visitor = uuid4()
    follow_link(earner.link, visitor=visitor)
    pay(earner.shop, place_order(earner.shop, visitor=visitor, person_id=earner.person.id))
    assert stages(earner) == (0, 0, 0)


def test_who_comes_back_keeps_what_was_earned_before(earner: Earner) -> None:
    earner.sell()
    merchant_id, actor = earner.shop.merchant_id, Actor("person", earner.person.id)
    with merchant_scope(merchant_id):
        leave_promoter(earner.promoter_id, actor=actor)
        back = join_promoter(earner.person.id, shown_name="小禾", actor=actor, consent=Consent(VERSION, True))
    standing = standing_of(earner.person.id, merchant_id)
    assert standing is not None
    assert standing.promoter_id == back.id
    assert set(standing.ids) == {back.id, earner.promoter_id}
    with merchant_scope(merchant_id):
        assert income(standing.ids).held.fen == SHARE


def test_after_leaving_old_orders_go_on_and_new_ones_earn_nothing(earner: Earner) -> None:
    waiting = earner.order()
    with merchant_scope(earner.shop.merchant_id):
        leave_promoter(earner.promoter_id, actor=SYSTEM)
    pay(earner.shop, waiting)
    earner.sell()
    assert stages(earner) == (0, SHARE, 0)


def test_a_line_keeps_the_rate_of_its_day(earner: Earner) -> None:
    order_id = earner.sell(2)
    with merchant_scope(earner.shop.merchant_id):
        set_plan(2_000, actor=earner.shop.owner)
        (line,) = sale_lines([earner.promoter_id], order_id)
    assert (line.quantity, line.paid_fen, line.earned_fen) == (2, 2 * PRICE, 2 * SHARE)
    assert (line.plan_version, line.rule.rate_bps) == (1, 1_000)


def test_the_days_hold_visits_orders_and_income(earner: Earner) -> None:
    earner.order()
    earner.sell(2)
    earner.cancel(earner.sell())
    now = clock.now()
    with merchant_scope(earner.shop.merchant_id):
        days = last_days([earner.promoter_id], now)
        later = last_days([earner.promoter_id], now + timedelta(days=31))
    assert len(days) == 30
    assert (days[-1].visits, days[-1].orders, days[-1].income_fen) == (3, 1, 2 * SHARE)
    assert not any(day.visits or day.orders or day.income_fen for day in [*days[:-1], *later])


def test_each_link_is_told_what_came_by_it(shop: Shop, earner: Earner) -> None:
    other = make_earner(shop)
    earner.sell()
    follow_link(earner.link, visitor=uuid4())
    with merchant_scope(shop.merchant_id):
        (row,) = link_results([earner.promoter_id])
        theirs = ShareLink.objects.get(token=other.link).id
        assert link_results([earner.promoter_id], theirs) == []
    assert (row.visits, row.orders, row.earned_fen) == (2, 1, SHARE)


def test_an_order_that_waits_for_its_group_says_until_when(earner: Earner) -> None:
    make_group_buy(earner.shop, 9_900)
    visitor = uuid4()
    follow_link(earner.link, visitor=visitor)
    order_id = place_order(earner.shop, visitor=visitor, choice=Choice(open_group=True))
    pay(earner.shop, order_id)
    with merchant_scope(earner.shop.merchant_id):
        (sale,) = sales([earner.promoter_id])
    assert sale.group_by is not None
    assert sale.group_by > clock.now()


def test_no_statement_names_a_buyer(earner: Earner) -> None:
    order_id = earner.sell()
    ids = [earner.promoter_id]
    with merchant_scope(earner.shop.merchant_id), sent_statements() as sent:
        income(ids)
        sales(ids)
        sale_lines(ids, order_id)
        last_days(ids, clock.now())
        link_results(ids)
    assert len(sent) > 5
    private = ("delivery_address", "member", "recipient", "purchase")
    assert not [one for one in sent if any(word in one for word in private)]
    assert not [one for one in sent if "person_id" in one and "share_link" not in one]
