"""Sales that were made, as their orders froze them. One statement for a span of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.rewards.planning.trying import Frozen
from tongdao.terms.plans.matching import Sale

# Orders that stand: those that are cancelled or were never paid earn nothing under any plan.
_SOLD = """
from "order" placed
join order_line line on line.merchant_id = placed.merchant_id and line.order_id = placed.id
join promoter on promoter.merchant_id = line.merchant_id and promoter.id = line.promoter_id
where placed.merchant_id = %(merchant)s and placed.placed_at >= %(start)s and placed.placed_at < %(end)s
  and placed.state in ('paid', 'completed')
"""
_COUNT = f"select count(*) from (select 1 {_SOLD} limit %(most)s) counted"  # noqa: S608 constants
_LINES = f"""
select sold.sku_id, sold.product_id, coalesce(product.category, ''), coalesce(touch.channel, ''),
  coalesce(graded.grade, ''), sold.placed_at, sold.quantity, sold.paid_fen,
  sold.paid_fen + sold.freight_fen - coalesce(fee.amount_fen, 0), sold.own, sold.promoter_id,
  coalesce(earned.amount_fen, 0)
from (
  select line.*, placed.placed_at, promoter.person_id = placed.person_id as own {_SOLD}
) sold
left join product on product.merchant_id = sold.merchant_id and product.id = sold.product_id
left join touch_candidate won on won.merchant_id = sold.merchant_id and won.order_id = sold.order_id
  and won.won
left join touch on touch.merchant_id = won.merchant_id and touch.id = won.touch_id
left join waterfall_share fee on fee.merchant_id = sold.merchant_id and fee.line_id = sold.id
  and fee.kind = 'channel_fee'
left join waterfall_share earned on earned.merchant_id = sold.merchant_id and earned.line_id = sold.id
  and earned.kind = 'promoter'
left join lateral (
  select grade from promoter_grade given
  where given.merchant_id = sold.merchant_id and given.promoter_id = sold.promoter_id
    and given.effective_from <= sold.placed_at
  order by given.effective_from desc limit 1
) graded on true
order by sold.placed_at, sold.order_id, sold.position
"""  # noqa: S608 constants


def count_lines(start: datetime, end: datetime, *, most: int) -> int:
    """Lines of that time that somebody brought; stops counting at `most`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _span(start, end) | {"most": most})
        return int(cursor.fetchone()[0])


def sold_lines(start: datetime, end: datetime) -> Iterator[Frozen]:
    """Orders placed from `start` until before `end` that stand, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, _span(start, end))
        for *sale, promoter_id, was in cursor:
            yield Frozen(Sale(*sale), promoter_id, Fen(was))


def _span(start: datetime, end: datetime) -> dict[str, UUID | datetime]:
    return {"merchant": current_merchant(), "start": start, "end": end}
