"""Sealing: after a day is over, its postings are fixed by a hash that is chained to the day before."""

from __future__ import annotations

from datetime import date

from tongdao.finance.ledger.closings import close_accounts
from tongdao.finance.ledger.days import ONE_DAY, last_sealed, make_day
from tongdao.finance.ledger.events import LedgerDaySealed
from tongdao.finance.ledger.models import LedgerDay
from tongdao.finance.ledger.refusals import DayNotOver, SealOutOfOrder
from tongdao.finance.ledger.seals import sealed
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.clock import today
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, enter_rank


def seal_day(day: date, *, actor: Actor) -> LedgerDay:
    """Seal one day, waiting for whoever is posting to it; a sealed one is returned as it is.

    Days are sealed without gaps, beginning with the first one in the books.
    Raises DayNotOver, and SealOutOfOrder where an earlier day is open.
    """
    if day >= today():
        raise DayNotOver(day=day.isoformat())
    last = last_sealed()
    if last is None or day > last:
        _check_turn(day, last)
        make_day(day)
    row = _lock(day)
    if row.sealed_at is None:
        _seal(row, actor)
    return row


def seal_through(day: date, *, actor: Actor) -> list[LedgerDay]:
    """Seal every open day up to and including `day`, days without postings too; those sealed now."""
    done = []
    following = _next_to_seal(last_sealed())
    while following is not None and following <= day:
        done.append(seal_day(following, actor=actor))
        following += ONE_DAY
    return done


def _next_to_seal(last: date | None) -> date | None:
    """The day after the last sealed one, or the first in the books; None where nothing was ever booked."""
    if last is not None:
        return last + ONE_DAY
    return LedgerDay.objects.order_by("day").values_list("day", flat=True).first()


def _check_turn(day: date, last: date | None) -> None:
    following = _next_to_seal(last)
    if following is not None and day != following:
        raise SealOutOfOrder(next=following.isoformat())


def _lock(day: date) -> LedgerDay:
    """The day's row under the exclusive lock. What was posted to it is committed then."""
    enter_rank(Rank.DAY)
    row = LedgerDay.objects.select_for_update().filter(day=day).first()
    if row is None:  # it lies before the first day of the books
        raise SealOutOfOrder(next="")
    return row


def _seal(row: LedgerDay, actor: Actor) -> None:
    before = LedgerDay.objects.filter(day=row.day - ONE_DAY).values_list("seal", flat=True).first()
    now = sealed(row.day, before)
    row.previous, row.postings, row.seal, row.leaves = before, now.postings, now.seal, now.packed
    close_accounts(row.day)
    row.sealed_at = clock.now()
    row.save(update_fields=["previous", "postings", "seal", "leaves", "sealed_at"])
    record(LedgerDaySealed(day=row.day, postings=row.postings), subject=row, actor=actor)
