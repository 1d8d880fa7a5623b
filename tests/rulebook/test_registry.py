from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tongdao.foundation import clock
from tongdao.rulebook import NotYetInForce, Rule, Sheet, UnknownRule, all_sheets, rule, trade
from tongdao.rulebook.registry import define

DAY = date(2026, 11, 22)


def test_the_figures_the_checkout_stands_on() -> None:
    assert rule("trade.unpaid_close", DAY) == timedelta(minutes=30)
    assert rule("trade.auto_confirm_express", DAY) == timedelta(days=10)
    assert rule("trade.auto_confirm_instant", DAY) == timedelta(days=2)
    assert rule("trade.return_window_days", DAY) == 7
    assert rule("trade.price_base_days", DAY) == 7
    assert rule("trade.attribution_window", DAY) == timedelta(days=30)
    assert rule("network.paid_tiers", DAY) == 1


def test_the_channel_expires_before_the_reservation() -> None:
    assert timedelta(0) < trade.CHANNEL_EXPIRY_MARGIN.on(DAY) < trade.UNPAID_CLOSE.on(DAY)


def test_each_date_gets_the_version_in_force_on_it() -> None:
    first = Rule(1, date(2025, 1, 1), "a", "B")
    second = Rule(2, date(2026, 7, 1), "b", "C")
    sheet = Sheet("x", (first, second))
    assert sheet.on(date(2025, 1, 1)) == 1
    assert sheet.on(date(2026, 6, 30)) == 1
    assert sheet.on(date(2026, 7, 1)) == 2
    assert (first.needs_counsel, second.needs_counsel) == (False, True)


def test_a_rule_begins_at_midnight_in_beijing() -> None:
    sheet = Sheet("x", (Rule(1, date(2025, 1, 1), "a", "B"), Rule(2, date(2026, 7, 1), "b", "C")))
    midnight = datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert sheet.on(midnight) == 2
    assert sheet.on(midnight - timedelta(microseconds=1)) == 1


def test_a_date_before_the_first_version_says_so() -> None:
    with pytest.raises(
        NotYetInForce, match=r"trade\.unpaid_close is known from 2026-01-01 on, asked for 2025-12-31"
    ):
        rule("trade.unpaid_close", date(2025, 12, 31))


def test_an_unknown_name_says_so() -> None:
    with pytest.raises(UnknownRule, match=r"trade\.nothing"):
        rule("trade.nothing", DAY)


def test_a_name_is_taken_once_and_versions_come_oldest_first() -> None:
    old, new = Rule(1, date(2025, 1, 1), "a", "A"), Rule(2, date(2026, 1, 1), "b", "A")
    with pytest.raises(ValueError, match="twice"):
        define("trade.unpaid_close", old)
    with pytest.raises(ValueError, match="oldest first"):
        define("test.disordered", new, old)
    with pytest.raises(UnknownRule):
        rule("test.disordered", DAY)


def test_every_figure_names_its_source_and_is_in_force_today() -> None:
    assert len(all_sheets()) > 30
    for sheet in all_sheets():
        version = sheet.rule_on(DAY)
        assert version.source.strip(), sheet.name
        assert version.confidence in "ABCU", sheet.name


def test_return_window_counts_from_the_day_after_signing() -> None:
    assert trade.return_window_ends(date(2026, 11, 2)) == date(2026, 11, 9)
    assert trade.return_window_ends(date(2026, 12, 28)) == date(2027, 1, 4)


def test_the_rulebook_needs_no_django() -> None:
    """Of the house only the clock, which needs none either."""
    files = [*Path(trade.__file__).parent.rglob("*.py"), Path(clock.__file__)]
    own = r"tongdao\.(?!rulebook|foundation\.clock )"
    importing = re.compile(rf"^\s*(from|import) (django|{own})", re.MULTILINE)
    assert not [file.name for file in files if importing.search(file.read_text("utf-8"))]
