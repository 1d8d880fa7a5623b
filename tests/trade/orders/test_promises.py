"""What a line promises of being given back, for every kind of goods and everything that may be sent."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.rulebook.returns import CODES, EXCLUSIONS
from tongdao.trade.orders.promises import PROMISES, Promise, policies_of, promise_of, told_of

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
KINDS = EXCLUSIONS.on(NOW).kinds
BY_LAW = sorted(code for code, kind in KINDS.items() if not kind.needs_consent)
ASKED = sorted(code for code, kind in KINDS.items() if kind.needs_consent)


def mark(code: str, language: str = "zh-hans") -> str:
    told = told_of(code, NOW, language)
    assert told is not None
    return told.mark


def test_other_goods_promise_what_they_always_did() -> None:
    assert policies_of("", "", NOW) is PROMISES
    assert policies_of("", mark("value_drops"), NOW) is PROMISES
    assert told_of("", NOW, "en") is None
    assert promise_of(PROMISES) == Promise(return_days=7, ship_hours=48)


@pytest.mark.parametrize("code", BY_LAW)
def test_what_the_law_excludes_needs_no_consent_and_asks_for_none(code: str) -> None:
    promise = promise_of(policies_of(code, "", NOW))
    assert promise.exclusion is KINDS[code]
    assert promise.return_days == (7 if code == "sealed_media" else 0)
    assert promise.sealed == (code == "sealed_media")
    assert (promise.consented, promise.consented_at) == (False, None)
    assert mark(code) == ""
    assert policies_of(code, f"2026-11:{code}:zh-hans", NOW) == policies_of(code, "", NOW)


@pytest.mark.parametrize("code", ASKED)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_other_kinds_are_excluded_by_the_very_words_and_keep_who_agreed_to_which(
    code: str, language: str
) -> None:
    stands = promise_of(policies_of(code, "", NOW))
    assert (stands.return_days, stands.consented, stands.exclusion) == (7, False, KINDS[code])
    gone = promise_of(policies_of(code, mark(code, language), NOW))
    assert (gone.return_days, gone.consented, gone.language) == (0, True, language)
    assert (gone.consented_at, gone.exclusion_version) == (NOW, "2026-11")


@given(st.sampled_from(ASKED), st.text(max_size=70) | st.sampled_from(["1", "on", "true", "2026-11"]))
def test_nothing_else_that_is_sent_is_a_consent(code: str, sent: str) -> None:
    own = {mark(code, language) for language in ("zh-hans", "en")}
    assert promise_of(policies_of(code, sent, NOW)).return_days == (0 if sent in own else 7)


@given(st.sampled_from(ASKED), st.sampled_from(ASKED))
def test_the_consent_to_one_kind_is_none_to_another(code: str, other: str) -> None:
    assert promise_of(policies_of(code, mark(other), NOW)).consented == (code == other)


def test_the_mark_of_an_older_version_is_no_consent() -> None:
    assert promise_of(policies_of("value_drops", "2025-01:value_drops:en", NOW)).return_days == 7


@given(st.sampled_from(["", *sorted(CODES)]), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_the_last_day_is_the_frozen_days_after_receipt_or_later(code: str, received: date) -> None:
    promise = promise_of(policies_of(code, "", NOW))
    last = promise.last_return_day(received)
    assert (last is None) == (promise.return_days == 0)
    assert last is None or (last - received).days >= promise.return_days


def test_a_line_of_the_time_before_reads_as_it_was_promised() -> None:
    assert promise_of({"return_days": 7, "ship_hours": 48, "version": "2026-11"}).return_days == 7
    assert promise_of({}).last_return_day(date(2026, 11, 1)) is None
