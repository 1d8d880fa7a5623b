"""Every race under stock, coupons and payment that others lost: ours holds, and fails with its guard off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Work, in_turns
from tests.interleaving.market import Market
from tests.interleaving.races import RACES, Race, find_faults
from tests.interleaving.scratch import UNGUARDED, scratch_database
from tests.interleaving.test_histories import SCHEDULES

TRIES = 600  # most controls find their fault within a handful, the quota of a flash sale within some dozens
ENOUGH = 8  # so many without a fault, where the guard is on
SECOND_GUARDS = (
    *UNGUARDED,
    "alter table promotion drop constraint promotion_quota",
    "alter table promotion_member drop constraint promotion_member_limit",
    "alter table buying_group drop constraint buying_group_seats",
    'alter table "order" disable trigger guard_states',
    "alter table payment_attempt disable trigger guard_states",
    "alter table payment_schedule disable trigger guard_states",
    "alter table reservation disable trigger guard_states",
)
SEARCH = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def _scratch(cluster: object) -> Iterator[None]:
    """The second guards are off for both: what wins here is the first one alone."""
    with scratch_database(SECOND_GUARDS):
        yield


@pytest.fixture
def market(_scratch: None) -> Market:
    return Market()


def search(
    race: Race, make: Callable[[Market], Sequence[Work]], market: Market, observer: Observer, tries: int
) -> list[str]:
    """The faults of the first bad schedule; none when there is no such."""
    faults: list[str] = []

    def bad(schedule: list[int]) -> bool:
        market.begin(units=race.units, uses=race.uses)
        course = in_turns(make(market), schedule, observer)
        faults[:] = find_faults(market, course)
        return bool(faults)

    try:
        find(SCHEDULES, bad, settings=settings(SEARCH, max_examples=tries))
    except NoSuchExample:
        return []
    return faults


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.told)
def test_we_do_not_lose_it(race: Race, market: Market, observer: Observer) -> None:
    assert search(race, race.guarded, market, observer, ENOUGH) == []


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.told)
def test_without_its_guard_we_would(race: Race, market: Market, observer: Observer) -> None:
    faults = search(race, race.naive, market, observer, TRIES)
    assert any(fault.startswith(race.fault) for fault in faults), faults
