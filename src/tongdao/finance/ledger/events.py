"""What the ledger tells. Not each posting: whoever posts records the event of its own noun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class LedgerDaySealed:
    """A booking day was sealed over so many postings."""

    day: date
    postings: int


define("ledger_day.sealed", LedgerDaySealed)
