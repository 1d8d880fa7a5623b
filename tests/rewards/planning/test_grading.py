"""Grades: by own sales to others and few returns. What the formula reads is walked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.faces.console.support import paid_order
from tests.support.builders import Shop, make_shop
from tests.tenancy.planting import make
from tests.terms.plans.support import a_plan, an_earner, brought
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import TenantForeignKey, merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.rewards.planning.grading import FORMULA, grade_plan, own_figures, sweep_grades
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.grading import Figures, current_grades, reached
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionPlan, PromoterGrade
from tongdao.trade.aftersales.models import AfterSale, AfterSaleLine
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.models import Refund

GRADES = (Grade("银", Fen(10_000)), Grade("金", Fen(30_000), 2_000))
REST = Rule(rate_bps=1_000, pays_own=True)
READS = {"order", "order_line", "promoter", "after_sale", "after_sale_line", "person"}


@pytest.fixture
def shop() -> Shop:
    shop = make_shop((10_000,), stock=100)
    a_plan(shop, REST, grades=GRADES)
    return shop


def complete(shop: Shop, order_id: UUID, ago: int = 1) -> UUID:
    """As it would be after its receipt was confirmed `ago` days before."""
    with merchant_scope(shop.merchant_id):
        at = clock.now() - timedelta(days=ago)
        Order.objects.filter(pk=order_id).update(state="completed", completed_at=at)
    return order_id


def give_back(shop: Shop, order_id: UUID, fen: int, reason: str) -> None:
    with merchant_scope(shop.merchant_id):
        order, line = Order.objects.get(pk=order_id), OrderLine.objects.get(order_id=order_id)
        refund = make(Refund, order=order, person_id=order.person_id)
        case = make(AfterSale, order=order, refund=refund, reason=reason, state="granted")
        make(AfterSaleLine, aftersale=case, line=line, quantity=1, refund_fen=Fen(fen))


def figures(shop: Shop, promoter: UUID) -> tuple[int, int, int]:
    with merchant_scope(shop.merchant_id):
        own = own_figures([promoter], clock.now())[promoter]
    return own.sales_fen, own.orders, own.refunded


def grade_all(shop: Shop, later: int = 0) -> dict[UUID, str]:
    now = clock.now() + timedelta(days=later)
    with merchant_scope(shop.merchant_id):
        plan = CommissionPlan.objects.get(effective_to__isnull=True)
    grade_plan(shop.merchant_id, plan.id, now)
    with merchant_scope(shop.merchant_id):
        ids = list(PromoterGrade.objects.values_list("promoter_id", flat=True))
        return {id: row.grade for id, row in current_grades(ids).items()}


def test_own_completed_sales_to_others_within_ninety_days_count(shop: Shop) -> None:
    person = create_guest().id
    promoter, colleague = an_earner(shop, person), an_earner(shop)
    complete(shop, paid_order(shop, 2, visitor=brought(shop, promoter)))
    assert figures(shop, promoter) == (20_000, 1, 0)
    paid_order(shop, visitor=brought(shop, promoter))  # not complete
    complete(shop, paid_order(shop, visitor=brought(shop, promoter)), ago=91)
    complete(shop, paid_order(shop, visitor=brought(shop, promoter), person_id=person))  # one's own
    complete(shop, paid_order(shop, visitor=brought(shop, colleague)))  # another's
    for _ in range(3):
        an_earner(shop)  # heads
    assert figures(shop, promoter) == (20_000, 1, 0)


def test_what_came_back_is_no_sale_and_only_some_reasons_are_the_promoters(shop: Shop) -> None:
    promoter = an_earner(shop)
    visitor = brought(shop, promoter)
    first, second = (complete(shop, paid_order(shop, visitor=visitor)) for _ in range(2))
    give_back(shop, first, 4_000, "damaged")
    assert figures(shop, promoter) == (16_000, 2, 0)
    give_back(shop, second, 12_000, "quality")
    assert figures(shop, promoter) == (6_000, 2, 1)


def test_the_sweep_grades_once_a_day_and_keeps_the_figures(shop: Shop) -> None:
    promoter, other = an_earner(shop), an_earner(shop)
    complete(shop, paid_order(shop, 3, visitor=brought(shop, promoter)))
    while sweep_grades(clock.now()):  # those of other tests too
        pass
    assert grade_all(shop) == {promoter: "金"}
    with merchant_scope(shop.merchant_id):
        row = PromoterGrade.objects.get()
        assert (row.plan_version, row.sales_fen, row.orders, row.refunded) == (1, 30_000, 1, 0)
    complete(shop, paid_order(shop, visitor=brought(shop, other)))
    assert grade_all(shop) == {promoter: "金"}, "not before the next day"
    assert grade_all(shop, 2) == {promoter: "金", other: "银"}
    assert grade_all(shop, 100) == {promoter: "", other: ""}


def test_a_plan_that_is_over_grades_nobody(shop: Shop) -> None:
    promoter = an_earner(shop)
    complete(shop, paid_order(shop, visitor=brought(shop, promoter)))
    with merchant_scope(shop.merchant_id):
        old = CommissionPlan.objects.get()
    a_plan(shop, REST)
    assert grade_plan(shop.merchant_id, old.id, clock.now()) == 0
    with merchant_scope(shop.merchant_id):
        assert CommissionPlan.objects.get(pk=old.id).grades_due_at is None
        assert not PromoterGrade.objects.exists()


@pytest.mark.pure
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10_000)), max_size=5, unique_by=lambda x: x[0]),
    st.integers(0, 10**6),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_more_sales_never_lower_a_grade_and_more_returns_never_raise_it(
    steps: list[tuple[int, int]], sales: int, orders: int, back: int
) -> None:
    grades = [Grade(str(n), Fen(fen), most) for n, (fen, most) in enumerate(sorted(steps))]
    now = reached(grades, Figures(Fen(sales), orders, min(back, orders)))
    assert reached(grades, Figures(Fen(sales + 1), orders, min(back, orders))) >= now
    if back < orders:
        assert reached(grades, Figures(Fen(sales), orders, back + 1)) <= now
    assert 0 <= now <= len(grades)


def test_the_formula_reads_these_tables_and_no_others(shop: Shop) -> None:
    """Asked of the database, which knows what a statement touches."""
    given_ = {
        "merchant": shop.merchant_id,
        "promoters": [uuid7()],
        "reasons": ["quality"],
        "since": clock.now(),
        "until": clock.now(),
    }
    with merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("explain (format json) " + FORMULA, given_)
        told = cursor.fetchone()[0]
    assert relations(told if isinstance(told, list) else json.loads(told)) <= READS


def relations(node: object) -> set[str]:
    if isinstance(node, list):
        return set[str]().union(*map(relations, node))
    if not isinstance(node, dict):
        return set()
    own: set[str] = {node["Relation Name"]} if "Relation Name" in node else set()
    return own.union(*map(relations, node.values()))


def test_nothing_that_gives_a_grade_leads_to_another_promoter() -> None:
    """In the closure of foreign keys of a grade there is one promoter, its own, and that has no parent."""
    seen: set[Any] = set()
    open_: list[Any] = [PromoterGrade]
    while open_:
        model = open_.pop()
        seen.add(model)
        fields = [field for field in model._meta.local_fields if isinstance(field, TenantForeignKey)]
        open_ += [field.related_model for field in fields if field.related_model not in seen]
    assert {model._meta.db_table for model in seen} == {"promoter_grade", "promoter"}
    assert "count" not in FORMULA.replace("count(distinct placed.id)", ""), (
        "it counts orders and nothing else"
    )
