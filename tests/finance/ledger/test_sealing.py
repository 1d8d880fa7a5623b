"""Days are sealed in order, and nothing lands in a sealed one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.finance.ledger.support import Crowd, capture
from tongdao.finance.ledger.accounts import ensure_accounts
from tongdao.finance.ledger.chart import BUYER_FUNDS, EXTERNAL_BUYER
from tongdao.finance.ledger.models import LedgerDay
from tongdao.finance.ledger.operations import post_transactions, seal_day, seal_through
from tongdao.finance.ledger.refusals import DayNotOpen, DayNotOver, SealOutOfOrder
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.finance.ledger.storing import store
from tongdao.finance.ledger.verifying import verify_seals
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def post(key: str, day: date | None = None, fen: int = 100) -> date:
    return post_transactions([capture(key, fen, booked_on=day)], actor=SYSTEM)[0].booked_on


def seal(day: date) -> int:
    return seal_day(day, actor=SYSTEM).postings


def test_seals_are_chained_and_told(merchant: UUID) -> None:
    with merchant_scope(merchant):
        post("a", ago(3))
        post("b", ago(1))
        days = seal_through(ago(1), actor=SYSTEM)
        assert [(row.day, row.postings) for row in days] == [(ago(3), 1), (ago(2), 0), (ago(1), 1)]
        assert [row.previous for row in days] == [None, days[0].seal, days[1].seal]
        assert len({bytes(row.seal or b"") for row in days}) == 3
        told = Event.objects.filter(name="ledger_day.sealed").order_by("seq")
        assert [(e.payload["day"], e.subject_id) for e in told] == [(str(row.day), row.id) for row in days]
        assert seal_through(ago(1), actor=SYSTEM) == []
    assert_ledger_sound(merchant)


def test_only_days_that_are_over_and_in_order(merchant: UUID) -> None:
    with merchant_scope(merchant):
        post("a", ago(3))
        post("b", ago(1))
        for day in (today(), today() + timedelta(days=1)):
            with pytest.raises(DayNotOver):
                seal(day)
        for day in (ago(2), ago(1), ago(4)):
            with pytest.raises(SealOutOfOrder):
                seal(day)
        assert seal(ago(3)) == 1
        with pytest.raises(SealOutOfOrder):
            seal(ago(1))
        with pytest.raises(SealOutOfOrder):
            seal(ago(4))


def test_sealing_again_changes_nothing(merchant: UUID) -> None:
    with merchant_scope(merchant):
        post("a", ago(1))
        first = seal_day(ago(1), actor=SYSTEM)
        again = seal_day(ago(1), actor=SYSTEM)
        assert (first.seal, first.sealed_at) == (again.seal, again.sealed_at)
        assert Event.objects.filter(name="ledger_day.sealed").count() == 1


@pytest.mark.parametrize("back", [1, 2, 9])
def test_a_sealed_day_and_every_day_before_it_is_closed(merchant: UUID, back: int) -> None:
    with merchant_scope(merchant):
        post("a", ago(2))
        seal_through(ago(1), actor=SYSTEM)
        with pytest.raises(DayNotOpen):
            post("late", ago(back))
        with clock.shifted(timedelta(days=-back)):
            assert post("unnamed") == today() + timedelta(days=back), "the next open day"
        assert post("named", today()) == today()
    assert_ledger_sound(merchant)


def test_a_repetition_after_sealing_is_still_the_first(merchant: UUID) -> None:
    draft = capture("a", booked_on=ago(1))
    with merchant_scope(merchant):
        post_transactions([draft], actor=SYSTEM)
        seal(ago(1))
        assert post_transactions([draft], actor=SYSTEM)[0].repeated


@pytest.mark.parametrize("day_exists", [True, False])
def test_sealing_waits_for_who_posts(merchant: UUID, crowd: Crowd, day_exists: bool) -> None:
    with merchant_scope(merchant):
        post("before", ago(1) if day_exists else ago(2))
        if not day_exists:
            seal(ago(2))
    with merchant_scope(merchant):
        post("last", ago(1))
        sealing = crowd.start(merchant, lambda: seal(ago(1)))
        crowd.wait_until_blocked()
    assert sealing.result() == (2 if day_exists else 1), "what was posted is under the seal"
    assert_ledger_sound(merchant)


@pytest.mark.parametrize("day_exists", [True, False])
def test_who_posts_waits_for_sealing(merchant: UUID, crowd: Crowd, day_exists: bool) -> None:
    with merchant_scope(merchant):
        post("before", ago(1) if day_exists else ago(2))
        if not day_exists:
            seal(ago(2))

    def post_unnamed() -> date:
        with clock.shifted(timedelta(days=-1)):  # a moment before midnight
            return post("unnamed")

    with merchant_scope(merchant):
        seal(ago(1))
        named = crowd.start(merchant, lambda: post("named", ago(1)))
        unnamed = crowd.start(merchant, post_unnamed)
        crowd.wait_until_blocked(2)
    assert isinstance(named.exception(), DayNotOpen)
    assert unnamed.result() == today()
    assert_ledger_sound(merchant)


def test_those_who_post_do_not_wait_for_each_other(merchant: UUID, crowd: Crowd) -> None:
    with merchant_scope(merchant):
        post("before")
    with merchant_scope(merchant):
        post("mine")
        assert crowd.start(merchant, lambda: post("theirs")).result(timeout=30) == today()


def test_two_who_seal_make_one_seal(merchant: UUID, crowd: Crowd) -> None:
    with merchant_scope(merchant):
        post("a", ago(1))
    with merchant_scope(merchant):
        first = seal_day(ago(1), actor=SYSTEM).seal
        second = crowd.start(merchant, lambda: seal_day(ago(1), actor=SYSTEM).seal)
        crowd.wait_until_blocked()
    assert second.result() == first
    with merchant_scope(merchant):
        assert Event.objects.filter(name="ledger_day.sealed").count() == 1


def test_negative_control_without_the_days_lock_the_seal_misses_a_posting(
    merchant: UUID, crowd: Crowd
) -> None:
    """The rows alone, as `store` writes them, without the lock that `post_transactions` takes first."""
    with merchant_scope(merchant):
        post("a", ago(1))
    draft = capture("unlocked")
    with merchant_scope(merchant):
        accounts = ensure_accounts([(EXTERNAL_BUYER, "CNY"), (BUYER_FUNDS, "CNY")])
        store([draft], accounts, {None: ago(1)}, SYSTEM)
        assert crowd.start(merchant, lambda: seal(ago(1))).result(timeout=30) == 1, "it did not wait"
    with merchant_scope(merchant):
        assert LedgerDay.objects.get(day=ago(1)).postings == 1
        wrong = {"postings_count", "seal", "row", "closing"}
        assert {(p.day, p.what) for p in verify_seals()} == {(ago(1), what) for what in wrong}
