"""How much can still be promised, under lock."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.tenancy import current_merchant

LOCK = """
select id, on_hand - reserved from stock where merchant_id = %s and id = any(%s) order by id for no key update
"""


def ask_lock_available(stock_ids: Collection[UUID]) -> Asking[dict[UUID, int]]:
    """Lock these stocks in key order; units of each that no order holds, as they are after the wait."""
    enter_rank(Rank.STOCK)
    if not stock_ids:
        return {}
    rows = yield from ask(LOCK, [current_merchant(), sorted(stock_ids)])
    return dict(rows)
