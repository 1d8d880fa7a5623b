"""Which days are statutory rest days, and on which day a period ends.

A period counted in days begins on the day after what it is counted from (Civil Code Art. 201); where its last
day is a statutory rest day, the day after that rest is the last (Art. 203). Rest days are Saturdays, Sundays
and public holidays as the State Council moves them each year; a weekend on which it has people work is none.

A year's notice comes in the autumn before it: enter it here, in front of `_UNANNOUNCED`, which then begins a
year later. Until then a year has its weekends and the days that the Regulation itself names, the figure is
marked "U", and `is_announced` is false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tongdao.rulebook.registry import Rule, define

_SATURDAY = 5
_DAY = timedelta(days=1)
_REGULATION = "Regulation on Public Holidays for National Festivals (State Council, as amended 2024) Art. 2"


@dataclass(frozen=True, slots=True)
class RestDays:
    """What differs from plain weeks: holidays, and weekends on which people work."""

    holidays: frozenset[date]
    worked: frozenset[date]
    announced: bool

    def rests(self, day: date) -> bool:
        return day in self.holidays or (day.weekday() >= _SATURDAY and day not in self.worked)


def _run(year: int, *spans: tuple[int, int, int]) -> frozenset[date]:
    """Days of (month, first day, how many)."""
    starts = ((date(year, month, first), many) for month, first, many in spans)
    return frozenset(start + timedelta(days=step) for start, many in starts for step in range(many))


_SPRING = {2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}  # first day of the lunar year
_CLEAR = {2027: (4, 5), 2028: (4, 4), 2029: (4, 4), 2030: (4, 5)}  # Qingming
_BOAT = {2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5)}  # fifth of the fifth lunar month
_MOON = {2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12)}  # fifteenth of the eighth


def _by_regulation() -> Iterator[date]:
    """New Year, the eve of the lunar year and three days, Qingming, two of May, Dragon Boat, Mid-Autumn and
    three of October. Lunar dates as astronomy has them; beyond those tables only what is solar.
    """
    for year in range(2014, 2041):
        yield from _run(year, (1, 1, 1), (5, 1, 2), (10, 1, 3))
    for year, (month, day) in _SPRING.items():
        yield from (date(year, month, day) + timedelta(days=step) for step in range(-1, 3))
    for table in (_CLEAR, _BOAT, _MOON):
        yield from (date(year, month, day) for year, (month, day) in table.items())


_UNANNOUNCED = RestDays(frozenset(_by_regulation()), frozenset(), announced=False)

REST_DAYS = define(
    "calendar.rest_days",
    Rule(_UNANNOUNCED, date(2014, 3, 15), _REGULATION, "U"),  # no trade of these years is counted anew
    Rule(
        RestDays(
            holidays=_run(
                2026,
                (1, 1, 3),
                (2, 15, 9),
                (4, 4, 3),
                (5, 1, 5),
                (6, 19, 3),
                (9, 25, 3),
                (10, 1, 7),
            ),
            worked=_run(2026, (1, 4, 1), (2, 14, 1), (2, 28, 1), (5, 9, 1), (9, 20, 1), (10, 10, 1)),
            announced=True,
        ),
        date(2026, 1, 1),
        "General Office of the State Council, notice of 2025-11-04 on the public holidays of 2026",
        "B",
    ),
    Rule(_UNANNOUNCED, date(2027, 1, 1), _REGULATION, "U"),
)
"""By day: the version in force on a day says whether that day is one of rest."""


def is_rest_day(day: date) -> bool:
    """Whether that day in Beijing is a statutory rest day, as far as the State Council has said so."""
    return REST_DAYS.on(day).rests(day)


def is_announced(year: int) -> bool:
    """Whether the holidays of that year are those of the State Council's notice."""
    return REST_DAYS.on(date(year, 12, 31)).announced


def last_day(start: date, days: int) -> date:
    """The last day of a period of `days` days from what happened on `start`, Beijing dates; never a rest day.

    `days` 0 is no period: it gives `start` itself, which is not moved. Raises ValueError below that.
    """
    if days < 0:
        raise ValueError(f"a period of {days} days")
    last = start + timedelta(days=days)
    while days and is_rest_day(last):
        last += _DAY
    return last
