"""Every night the books of the day before are sealed, merchant by merchant."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tongdao.finance.ledger.days import ONE_DAY
from tongdao.finance.ledger.operations.sealing import seal_through
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope

DUE = """
select merchant_id, max(day) from ledger_day
where sealed_at is null and day < %s
group by merchant_id limit %s
"""


def sweep_days(now: datetime, limit: int = 100) -> int:
    """Seal what is over; returns how many merchants were worked off."""
    today = beijing_day(now)
    last = today - ONE_DAY
    return work_off([(*row, last) for row in due_rows(DUE, today, limit)], _seal, "sealing a day")


def _seal(merchant_id: UUID, day: date, last: date) -> None:
    with merchant_scope(merchant_id):
        seal_through(min(day, last), actor=SYSTEM)
