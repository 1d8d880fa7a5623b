from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.rulebook import NotYetInForce, calendar, trade
from tongdao.rulebook.calendar import REST_DAYS, is_announced, is_rest_day, last_day

DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(1, 400)
LONGEST_REST = 11  # a week of holidays between two weekends


@pytest.mark.parametrize(
    ("day", "rests"),
    [
        (date(2026, 11, 20), False),  # a Friday
        (date(2026, 11, 21), True),  # a Saturday
        (date(2026, 2, 14), False),  # a Saturday on which the State Council has people work
        (date(2026, 2, 15), True),  # a Sunday, the first of the Spring Festival's nine days
        (date(2026, 2, 23), True),  # a Monday, the last of them
        (date(2026, 2, 24), False),
        (date(2026, 9, 20), False),  # a Sunday worked for the National Day
        (date(2026, 10, 7), True),
        (date(2026, 10, 8), False),
        (date(2026, 10, 10), False),
    ],
)
def test_days_of_the_notice_for_2026(day: date, rests: bool) -> None:
    assert is_rest_day(day) is rests


def test_the_notice_for_2026_gives_33_days_of_rest_for_6_of_work() -> None:
    year = REST_DAYS.on(date(2026, 6, 1))
    assert (len(year.holidays), len(year.worked)) == (33, 6)
    assert all(day.weekday() >= 5 for day in year.worked)
    assert not year.holidays & year.worked


def test_a_year_that_is_not_announced_says_so_and_has_what_the_regulation_names() -> None:
    assert (is_announced(2026), is_announced(2027)) == (True, False)
    assert REST_DAYS.rule_on(date(2027, 3, 1)).needs_counsel
    named = [(1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 3)]
    assert all(is_rest_day(date(2027, month, day)) for month, day in named)
    assert not is_rest_day(date(2027, 2, 9))


def test_the_eve_of_the_lunar_year_is_the_day_before_it_in_every_year_we_name() -> None:
    for year, (month, day) in calendar._SPRING.items():
        first = date(year, month, day)
        assert all(is_rest_day(first + timedelta(days=step)) for step in range(-1, 3))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 11, 2), 7, date(2026, 11, 9)),  # Monday to Monday: nothing to move
        (date(2026, 11, 7), 7, date(2026, 11, 16)),  # ends on a Saturday: Monday
        (date(2026, 11, 8), 7, date(2026, 11, 16)),  # ends on a Sunday: Monday
        (date(2026, 2, 8), 7, date(2026, 2, 24)),  # ends on the first day of the Spring Festival
        (date(2026, 2, 7), 7, date(2026, 2, 14)),  # ends on a Saturday that is worked
        (date(2026, 9, 24), 7, date(2026, 10, 8)),  # ends on the National Day
        (date(2026, 12, 25), 7, date(2027, 1, 4)),  # ends on New Year, a Friday before a weekend
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # no period: a Saturday stays one
    ],
)
def test_where_the_last_day_is_one_of_rest_the_day_after_the_rest_is_the_last(
    start: date, days: int, last: date
) -> None:
    assert last_day(start, days) == last


@given(DAYS, LENGTHS)
def test_the_last_day_is_worked_never_early_and_the_first_such(start: date, days: int) -> None:
    last, plain = last_day(start, days), start + timedelta(days=days)
    assert not is_rest_day(last)
    assert timedelta(0) <= last - plain <= timedelta(days=LONGEST_REST)
    assert all(is_rest_day(plain + timedelta(days=step)) for step in range((last - plain).days))


@given(DAYS, LENGTHS, st.integers(0, 30))
def test_who_begins_later_or_has_more_days_never_ends_earlier(start: date, days: int, more: int) -> None:
    later = timedelta(days=more)
    assert last_day(start + later, days) >= last_day(start, days)
    assert last_day(start, days + more) >= last_day(start, days)


def test_what_has_no_length_or_no_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 days"):
        last_day(date(2026, 11, 1), -1)
    with pytest.raises(NotYetInForce):
        is_rest_day(date(2014, 3, 14))


def test_the_return_window_follows_it() -> None:
    assert trade.return_window_ends(date(2026, 11, 2)) == date(2026, 11, 9)
    assert trade.return_window_ends(date(2026, 9, 24)) == date(2026, 10, 8)
