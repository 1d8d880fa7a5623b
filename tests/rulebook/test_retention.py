from __future__ import annotations

from datetime import date

import pytest

from tongdao.rulebook import Span, retention


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        (Span(years=3), date(2026, 11, 22), date(2029, 11, 22)),
        (Span(months=6), date(2026, 8, 31), date(2027, 2, 28)),
        (Span(years=1), date(2028, 2, 29), date(2029, 2, 28)),
        (Span(months=1, days=1), date(2026, 12, 31), date(2027, 2, 1)),
    ],
)
def test_spans_follow_the_calendar(span: Span, start: date, end: date) -> None:
    assert span.after(start) == end


def test_the_longest_duty_wins() -> None:
    start = date(2026, 1, 1)
    assert retention.keep_until([retention.LOGS], start) == date(2026, 7, 1)
    assert retention.keep_until([retention.TRADE_RECORDS, retention.INVOICES], start) == date(2031, 1, 1)
    assert retention.keep_until(
        [retention.ACCOUNTING, retention.TAX_PAPERS, retention.TRADE_RECORDS], start
    ) == date(2056, 1, 1)
