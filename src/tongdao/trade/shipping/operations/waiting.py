"""When a parcel is looked after next, and what stands in its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.trade.shipping.models import Followed, Parcel, ReturnParcel

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
SILENCE = timedelta(hours=2)  # without a push for so long the gateway is asked; it wants 30 minutes between
LONGEST_SILENCE = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(days=30)  # since shipping: a carrier that told nothing new will not any more


F = TypeVar("F", Parcel, ReturnParcel)


def put_off(parcel_id: UUID, *, states: Collection[str]) -> Parcel | None:
    """Lock the parcel and put its next try off; None when it is in none of `states`, or given up."""
    return put_off_of(Parcel, parcel_id, states=states)


def put_off_of(model: type[F], parcel_id: UUID, *, states: Collection[str]) -> F | None:
    """The same for either way."""
    lock_rows(Rank.PARCEL, model, [parcel_id])
    parcel = model.objects.filter(id=parcel_id, state__in=states).first()
    if parcel is None:
        return None
    now = clock.now()
    if parcel.shipped_at is not None and now - parcel.shipped_at > GIVEN_UP_AFTER:
        model.objects.filter(id=parcel_id).update(check_at=None, problem="track_lost")
        return None
    parcel.check_at = now + _pause(FIRST_PAUSE, parcel.tries, LONGEST_PAUSE)
    parcel.tries += 1
    parcel.save(update_fields=["check_at", "tries"])
    return parcel


def note_problem(parcel_id: UUID, problem: str, model: type[Parcel] | type[ReturnParcel] = Parcel) -> None:
    """Show what stands in the way of a parcel that waits; its next try is set already."""
    model.objects.filter(id=parcel_id).exclude(state__in=("void", "delivered")).update(problem=problem)


def next_look(parcel: Followed, now: datetime) -> datetime:
    """When to ask about a shipped parcel that stays silent: ever more rarely."""
    return now + _pause(SILENCE, parcel.tries - 1, LONGEST_SILENCE)


def _pause(first: timedelta, tries: int, longest: timedelta) -> timedelta:
    doubled = 1 << min(max(tries, 0), 10)
    return min(first * doubled, longest)
