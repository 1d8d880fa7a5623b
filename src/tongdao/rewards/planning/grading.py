"""Grading promoters once a day: the formula, and the sweep that runs it.

The formula reads a promoter's own sales to others and what came back of them. It reads nothing else: a test
walks the tables that its plan touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.money import Fen
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.party.network.models import Promoter
from tongdao.terms.plans.grading import NO_SALES, Figures, grade_promoters
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.plans.queries import grades_of_version

SPAN = timedelta(days=90)
AGAIN = timedelta(days=1)
PROMOTERS_SIDE = ("quality",)
"""Reasons of an after-sale that lie on the promoter's side: it was not as described."""

DUE = """
select merchant_id, id from commission_plan where grades_due_at <= %s order by grades_due_at, id limit %s
"""
FORMULA = """
select line.promoter_id, sum(greatest(line.paid_fen - coalesce(back.fen, 0), 0))::bigint,
  count(distinct placed.id), count(distinct placed.id) filter (where back.fault)
from "order" placed
join order_line line on line.merchant_id = placed.merchant_id and line.order_id = placed.id
join promoter on promoter.merchant_id = line.merchant_id and promoter.id = line.promoter_id
left join lateral (
  select sum(undone.refund_fen)::bigint as fen, bool_or(after_sale.reason = any(%(reasons)s)) as fault
  from after_sale_line undone
  join after_sale on after_sale.merchant_id = undone.merchant_id and after_sale.id = undone.aftersale_id
  where undone.merchant_id = line.merchant_id and undone.line_id = line.id
) back on true
where placed.merchant_id = %(merchant)s and placed.state = 'completed'
  and placed.completed_at >= %(since)s and placed.completed_at < %(until)s
  and line.promoter_id = any(%(promoters)s)
  and placed.person_id <> promoter.person_id
  and not exists (select from person one where one.id in (placed.person_id, promoter.person_id)
    and one.merged_into_id in (placed.person_id, promoter.person_id))
group by line.promoter_id
"""


def own_figures(promoter_ids: Sequence[UUID], until: datetime) -> dict[UUID, Figures]:
    """Of each of these promoters, in the 90 days before `until`."""
    given: dict[str, Any] = {
        "merchant": current_merchant(),
        "promoters": list(promoter_ids),
        "reasons": list(PROMOTERS_SIDE),
        "since": until - SPAN,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(FORMULA, given)
        found = {id: Figures(Fen(fen), orders, back) for id, fen, orders, back in cursor.fetchall()}
    return {id: found.get(id, NO_SALES) for id in promoter_ids}


def sweep_grades(now: datetime, limit: int = 20) -> int:
    """Grade the promoters of every plan whose day it is; returns of how many plans."""
    return work_off(
        due_rows(DUE, now, limit), lambda merchant, plan: grade_plan(merchant, plan, now), "grade_promoters"
    )


def grade_plan(merchant_id: UUID, plan_id: UUID, now: datetime) -> int:
    """All promoters by this plan's grades, if it holds; returns whose grade changed. Opens its own scope."""
    with merchant_scope(merchant_id):
        due = CommissionPlan.objects.select_for_update(no_key=True, skip_locked=True)
        plan = due.filter(pk=plan_id, grades_due_at__lte=now).first()
        if plan is None:
            return 0
        over = plan.withdrawn_at is not None or (plan.effective_to is not None and plan.effective_to <= now)
        plan.grades_due_at = None if over else now + AGAIN
        plan.save(update_fields=["grades_due_at"])
        if over:
            return 0
        active = list(
            Promoter.objects.filter(left_at__isnull=True).order_by("id").values_list("id", flat=True)
        )
        return grade_promoters(
            grades_of_version(plan.version),
            own_figures(active, now),
            plan_version=plan.version,
            at=now,
            actor=SYSTEM,
        )
