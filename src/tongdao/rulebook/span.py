"""A length of calendar time, for retention: laws count in years and months, not in seconds."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """Years, months and days, added in that order; a missing day of the month becomes its last day."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """The first day on which the span has passed."""
        months = start.year * 12 + (start.month - 1) + self.years * 12 + self.months
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last)) + timedelta(days=self.days)
