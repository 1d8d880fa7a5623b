"""Budgets of rules: what is left, read under lock, what a batch of orders takes, and what comes back.

A budget's row is its rule's, and only orders to which a rule with a budget applies touch it. It is locked by
rank BUDGET, after promotions. The lock returns the row as it is after the wait; the CHECK on the row is what
says that a budget is never exceeded, the lock is what makes the next rule serve instead of an error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F

from tongdao.foundation.bulk import Together
from tongdao.foundation.locks import Rank, enter_rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.plans.models import CommissionBudget, CommissionUse
from tongdao.terms.plans.queries import rule_named

LOCK = """
select rule_id, budget_fen - spent_fen from commission_budget
where merchant_id = %s and rule_id = any(%s) order by id for no key update
"""
SPEND = """
update commission_budget set spent_fen = commission_budget.spent_fen + taken.fen
from jsonb_to_recordset(%s::jsonb) as taken(merchant_id uuid, rule_id uuid, fen bigint)
where commission_budget.merchant_id = taken.merchant_id and commission_budget.rule_id = taken.rule_id
"""
BACK = """
with given as (
  update commission_use used set back_fen = used.back_fen + wanted.fen
  from unnest(%(ids)s::uuid[], %(fens)s::bigint[]) as wanted(id, fen)
  where used.merchant_id = %(merchant)s and used.id = wanted.id
  returning used.rule_id, wanted.fen
)
update commission_budget budget set spent_fen = budget.spent_fen - back.fen
from (select rule_id, sum(fen)::bigint as fen from given group by rule_id) back
where budget.merchant_id = %(merchant)s and budget.rule_id = back.rule_id
"""


def ask_lock_budgets(rule_ids: Collection[UUID]) -> Asking[dict[UUID, Fen]]:
    """Lock the budgets of these rules; what is left of each. No statement is sent when there are none."""
    if not rule_ids:
        return {}
    enter_rank(Rank.BUDGET)
    rows = yield from ask(LOCK, [current_merchant(), sorted(rule_ids)])
    return dict(rows)


def write_spends(together: Together, spends: Sequence[tuple[UUID, Mapping[UUID, Fen]]]) -> None:
    """Add what each order (id, fen by rule) takes to the statement of its batch; the budgets are locked."""
    sums: dict[UUID, int] = {}
    for order_id, by_rule in spends:
        for rule_id, fen in by_rule.items():
            sums[rule_id] = sums.get(rule_id, 0) + fen
            together.add(CommissionUse, order_id=order_id, rule_id=rule_id, taken_fen=fen)
    if sums:
        merchant = current_merchant()
        together.also(
            SPEND, [{"merchant_id": merchant, "rule_id": id, "fen": fen} for id, fen in sums.items()]
        )


def return_budgets(order_ids: Collection[UUID]) -> Fen:
    """Give back all that these orders still hold of budgets; how much. Doing it again gives back nothing.

    The caller holds the orders' locks and runs it in the transaction that ends them.
    """
    held = _lock_uses(order_ids)
    return give_back({use.id: _left(use) for use in held})


def return_earned(back: Mapping[UUID, Mapping[str, int]]) -> Fen:
    """Give back what was refunded of what rules paid on orders (by order id), by what their lines froze
    ("plan:3.2" → fen).

    Rules without a budget are passed over, and never more comes back than was taken. Returns how much came
    back. The caller holds the orders' locks.
    """
    wanted = {
        (order_id, rule_named(name)): fen for order_id, each in back.items() for name, fen in each.items()
    }
    held = _lock_uses(back) if wanted else []
    if not held:
        return Fen(0)
    places = CommissionUse.objects.filter(pk__in=[use.id for use in held])
    named = {row[0]: row[1:] for row in places.values_list("id", "rule__plan__version", "rule__position")}
    return give_back(
        {use.id: min(_left(use), Fen(wanted.get((use.order_id, named[use.id]), 0))) for use in held}
    )


def _left(use: CommissionUse) -> Fen:
    return Fen(use.taken_fen - use.back_fen)


def _lock_uses(order_ids: Collection[UUID]) -> list[CommissionUse]:
    """What these orders still hold, read after the lock on their budgets."""
    uses = CommissionUse.objects.filter(order_id__in=list(order_ids), back_fen__lt=F("taken_fen"))
    rules = set(uses.values_list("rule_id", flat=True))
    if not rules:
        return []
    budgets = CommissionBudget.objects.filter(rule_id__in=rules).values_list("id", flat=True)
    lock_rows(Rank.BUDGET, CommissionBudget, budgets)
    return list(uses.all())


def give_back(back: Mapping[UUID, Fen]) -> Fen:
    """So much of each use, by id, as was read under the lock of its budget; returns how much in all."""
    given = {id: fen for id, fen in back.items() if fen > 0}
    if given:
        with connection.cursor() as cursor:
            cursor.execute(
                BACK, {"merchant": current_merchant(), "ids": list(given), "fens": list(given.values())}
            )
    return Fen(sum(given.values()))
