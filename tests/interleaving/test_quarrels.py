"""Every race about a complaint: ours holds, and fails with its guards off.

The second guards (constraints and triggers of the database) are off for both: what wins is the first alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import find, settings
from hypothesis.errors import NoSuchExample

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import in_turns
from tests.interleaving.hearing import KINDS, Hearing
from tests.interleaving.quarrels import QUARRELS, UNDISPUTED, UNGUARDED, UNHELD, Quarrel
from tests.interleaving.scratch import scratch_database
from tests.interleaving.test_guards_matter import SEARCH
from tests.interleaving.test_hearings import DRAWN, HISTORIES, SCHEDULES, Drawn, quiet_sandbox
from tests.interleaving.unguarding import UNCLAIMED, Swap, all_unguarded
from tests.interleaving.verdict import find_wrong
from tests.support.paying import PaySandbox
from tongdao.foundation.refusals import Refusal

TRIES = 40  # each control finds its fault within a handful
ENOUGH = 2  # so many without a fault, where the guards are on: test_hearings has many more


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    with scratch_database(UNGUARDED):
        yield from quiet_sandbox(tmp_path_factory)


def search(
    quarrel: Quarrel, off: Sequence[Swap], tries: int, observer: Observer, sandbox: PaySandbox
) -> list[str]:
    """The faults of the first bad schedule; none when there is no such."""
    faults: list[str] = []

    def bad(schedule: list[int]) -> bool:
        hearing = Hearing(quarrel.step, sandbox)
        works = all_unguarded([KINDS[kind](hearing) for kind in quarrel.kinds], *off)
        course = in_turns(works, schedule, observer)
        unexpected = [
            one.error for one in course.outcomes if one.error and not isinstance(one.error, Refusal)
        ]
        faults[:] = [*find_wrong(hearing), *map(repr, unexpected)]
        return bool(faults)

    try:
        find(SCHEDULES, bad, settings=settings(SEARCH, max_examples=tries))
    except NoSuchExample:
        return []
    return faults


@pytest.mark.parametrize("quarrel", QUARRELS, ids=lambda quarrel: quarrel.told)
def test_we_do_not_lose_it(quarrel: Quarrel, observer: Observer, sandbox: PaySandbox) -> None:
    assert search(quarrel, (), ENOUGH, observer, sandbox) == []


@pytest.mark.parametrize("quarrel", QUARRELS, ids=lambda quarrel: quarrel.told)
def test_without_its_guards_we_would(quarrel: Quarrel, observer: Observer, sandbox: PaySandbox) -> None:
    faults = search(quarrel, quarrel.off, TRIES, observer, sandbox)
    assert any(quarrel.fault in fault for fault in faults), faults


OFF: dict[str, tuple[Swap, ...]] = {
    "the comparison of states": (UNCLAIMED,),
    "the look whether the timer stands still": (UNHELD,),
    "the look whether the platform decides": (UNDISPUTED,),
}


@pytest.mark.parametrize("guard", OFF)
def test_the_same_draws_find_what_is_wrong_without_a_guard(
    guard: str, observer: Observer, sandbox: PaySandbox
) -> None:
    """Within as many histories as test_hearings draws, and from the same."""
    faults: list[str] = []

    def bad(drawn: Drawn) -> bool:
        hearing = Hearing(drawn.step, sandbox, drawn.kind)
        works = all_unguarded([KINDS[kind](hearing) for kind in drawn.kinds], *OFF[guard])
        in_turns(works, drawn.schedule, observer, drawn.cuts)
        faults[:] = find_wrong(hearing)
        return bool(faults)

    with suppress(NoSuchExample):
        find(DRAWN, bad, settings=settings(SEARCH, max_examples=HISTORIES))
    assert faults
