"""What waits for a side: cases whose clock is its own, and disputes in which it has said nothing yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import Side
from tongdao.trade.disputes.models import Dispute, Statement

SELLERS = ("requested", "returning", "received")
"""States in which the shop has to move (aftersales.deadlines.WAITS)."""

BUYERS = ("agreed", "refused", "replaced")
MOST_COUNTED = 100
WAITING = """
select count(*) from (
  select from after_sale a where a.merchant_id = %s and a.ended_at is null and (
    (a.paused_left is null and a.state = any(%s))
    or (a.paused_left is not null and exists (
      select from dispute d where d.merchant_id = a.merchant_id and d.aftersale_id = a.id and d.state = 'open'
        and not exists (select from dispute_statement s
          where s.merchant_id = d.merchant_id and s.dispute_id = d.id and s.side = 'seller')))
  ) limit %s
) as waiting
"""


def unheard(side: Side = Side.SELLER, **when: Any) -> Q:
    """Of cases: they are disputed, and the side has not stated its case. `when`: more of the dispute."""
    said = Statement.objects.filter(dispute_id=OuterRef("pk"), side=side)
    open_ = Dispute.objects.filter(~Exists(said), aftersale_id=OuterRef("pk"), state="open", **when)
    return Q(Exists(open_), paused_left__isnull=False, ended_at__isnull=True)


def for_seller() -> Q:
    """Of cases: the shop has to move. That they are open is said first: an index has those alone."""
    return Q(ended_at__isnull=True) & (Q(paused_left__isnull=True, state__in=SELLERS) | unheard())


def soon(now: datetime, *, unheard_side: Side = Side.SELLER) -> Q:
    """Of cases: their time, or that of stating one's case, is over within WARN_BEFORE and not yet."""
    last = now + rules.WARN_BEFORE.on(now)
    stated = unheard(unheard_side, answer_by__gt=now, answer_by__lte=last)
    return Q(ended_at__isnull=True) & (Q(due_at__gt=now, due_at__lte=last) | stated)


def soon_for_seller(now: datetime) -> Q:
    """Of cases: the shop has to move, and its time is nearly over."""
    return for_seller() & soon(now)


def soon_for_buyer(now: datetime) -> Q:
    """The same of the buyer."""
    waits = Q(paused_left__isnull=True, state__in=BUYERS) | unheard(Side.BUYER)
    return Q(ended_at__isnull=True) & waits & soon(now, unheard_side=Side.BUYER)


def ask_waiting() -> Asking[int]:
    """How many cases wait for the shop, counted up to MOST_COUNTED."""
    ((count,),) = yield from ask(WAITING, [current_merchant(), list(SELLERS), MOST_COUNTED])
    return int(count)
