"""How the shop serves who complains: first answers, money back, disputes, week by week (Beijing's weeks)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tongdao.foundation.clock import BEIJING, beijing_day, day_begins
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

# Of cases that buyers asked for: by week of asking, how many, how many came to the platform, and the median
# seconds to the shop's first step and to the granting. A step that the clock took for the shop counts as one.
CASES = f"""
with asked as (
  select id, opened_at, date_trunc('week', opened_at at time zone '{BEIJING.key}')::date as week
  from after_sale where merchant_id = %s and kind not in ('cancel', 'refund') and opened_at >= %s
), steps as (
  select e.subject_id as id,
    min(e.at) filter (where e.name = 'after_sale.moved' and e.payload->>'side' = 'seller') as answered_at,
    min(e.at) filter (where e.name = 'after_sale.granted') as granted_at
  from event e where e.merchant_id = %s and e.subject_type = 'after_sale'
    and e.subject_id in (select id from asked) group by 1
), facts as (
  select a.id, a.week, extract(epoch from s.answered_at - a.opened_at) as answer,
    extract(epoch from s.granted_at - a.opened_at) as refund,
    exists (select from dispute d where d.merchant_id = %s and d.aftersale_id = a.id) as disputed
  from asked a left join steps s using (id)
)
select week, count(*), count(*) filter (where disputed),
  (percentile_cont(0.5) within group (order by answer))::bigint,
  (percentile_cont(0.5) within group (order by refund))::bigint
from facts group by grouping sets ((week), ())
"""  # noqa: S608 a constant
ORDERS = f"""
select date_trunc('week', paid_at at time zone '{BEIJING.key}')::date, count(*) from "order"
where merchant_id = %s and paid_at >= %s group by 1
"""  # noqa: S608 a constant


@dataclass(frozen=True, slots=True)
class Served:
    """One week, or all of them (`week` is None). Medians in seconds; None where there is nothing to tell."""

    week: date | None
    orders: int
    cases: int
    disputed: int
    answer: int | None
    refund: int | None


def mondays(now: datetime, weeks: int) -> list[date]:
    """Of so many weeks in Beijing, the current one last."""
    monday = beijing_day(now) - timedelta(days=beijing_day(now).weekday())
    return [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def served(now: datetime, *, weeks: int) -> tuple[Served, list[Served]]:
    """All of them together, and week by week, the current one last."""
    days = mondays(now, weeks)
    merchant, since = current_merchant(), day_begins(days[0])
    found = execute_prepared(CASES, [merchant, since, merchant, merchant]).fetchall()
    cases = {week: figures for week, *figures in found}
    orders = dict(execute_prepared(ORDERS, [merchant, since]).fetchall())
    by_week = [_served(day, orders.get(day, 0), cases.get(day)) for day in days]
    return _served(None, sum(orders.values()), cases.get(None)), by_week


def share_bps(part: int, whole: int) -> int | None:
    """`part` of `whole` in 1/10,000, rounded; None of nothing."""
    return (part * 10_000 + whole // 2) // whole if whole else None


def _served(week: date | None, orders: int, figures: list[int] | None) -> Served:
    cases, disputed, answer, refund = figures or (0, 0, None, None)
    return Served(week, orders, cases, disputed, answer, refund)
