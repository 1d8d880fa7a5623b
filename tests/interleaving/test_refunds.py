"""Refunds in part, releases, payouts and the channel's words in whatever order: each fen is where it belongs.

TONGDAO_EXAMPLES raises the number of histories tried (default 20; a quarter of it for each fixed meeting).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.interleaving.conftest import Observer
from tests.interleaving.counter import STAGES, Counter, Stage, find_broken
from tests.interleaving.harness import Course, Work, in_turns
from tests.interleaving.test_histories import EXAMPLES, SCHEDULES, relaxed
from tests.interleaving.unguarding import all_unguarded
from tongdao.foundation.refusals import Refusal

KINDS: dict[str, Callable[[Counter], Work]] = {
    "give 1": lambda counter: counter.give(1),
    "give 2": lambda counter: counter.give(2),
    "give 1 of the next": lambda counter: counter.give(1, counter.next_id),
    "cancel": lambda counter: counter.cancel(),
    "pack": lambda counter: counter.pack(counter.order_id),
    "capture": lambda counter: counter.pay(),
    "release": lambda counter: counter.release(),
    "release the next": lambda counter: counter.release(counter.next_id),
    "claim": lambda counter: counter.claim(),
    "paid out": lambda counter: counter.paid_out(),
    "put back": lambda counter: counter.put_back(),
    "accepted": lambda counter: counter.answer("accepted"),
    "succeeded": lambda counter: counter.answer("succeeded"),
    "failed": lambda counter: counter.answer("failed"),
    "unknown": lambda counter: counter.answer("unknown"),
}
FIXED: list[tuple[Stage, tuple[str, ...]]] = [
    ("paid", ("give 1", "give 2", "cancel", "pack")),
    ("received", ("give 1", "release", "give 2", "release")),
    ("released", ("give 2", "claim", "give 1", "put back")),
    ("claimed", ("give 2", "put back", "release the next", "give 1")),
    ("paid_out", ("give 2", "release the next", "give 1", "give 1 of the next")),
    ("unpaid", ("capture", "capture", "give 1", "cancel")),
]


def history(
    stage: Stage, kinds: list[str] | tuple[str, ...], schedule: list[int], observer: Observer
) -> Course:
    counter = Counter(stage)
    course = in_turns([KINDS[kind](counter) for kind in kinds], schedule, observer)
    faults = [repr(one.error) for one in course.outcomes if one.error and not isinstance(one.error, Refusal)]
    faults += find_broken(counter)
    assert not faults, "\n".join([*faults, str(course)])
    return course


@pytest.mark.parametrize(("stage", "kinds"), FIXED, ids=lambda each: each if isinstance(each, str) else None)
@settings(relaxed, max_examples=max(EXAMPLES // 4, 1))
@given(schedule=SCHEDULES)
@example(schedule=[])
@example(schedule=[0, 1, 2, 3] * 60)
def test_what_often_meets(
    observer: Observer, stage: Stage, kinds: tuple[str, ...], schedule: list[int]
) -> None:
    history(stage, kinds, schedule, observer)


@relaxed
@given(
    stage=st.sampled_from(STAGES),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4),
    schedule=SCHEDULES,
)
def test_whatever_meets(observer: Observer, stage: Stage, kinds: list[str], schedule: list[int]) -> None:
    history(stage, kinds, schedule, observer)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "kinds", [("give 1", "release", "give 2"), ("give 2", "release", "give 1", "release")]
)
def test_one_after_the_other_at_each_stage(observer: Observer, stage: Stage, kinds: tuple[str, ...]) -> None:
    """No interleaving: each begins when the one before is done."""
    history(stage, kinds, [], observer)


UNLOCKED = (r'(?s)(from "?(?:order|commission)"? .*?) for no key update(?: skip locked)?', r"\1")


def test_without_the_locks_it_breaks(observer: Observer) -> None:
    """Negative control: who gives back has read how the order stands; it is released meanwhile."""
    broken: list[str] = []
    for turns in range(3, 30, 3):
        counter = Counter("received")
        works = all_unguarded([counter.give(1), counter.release(counter.order_id)], UNLOCKED)
        in_turns(works, [*[0] * turns, *[1] * 60], observer)
        broken += find_broken(counter)
    assert any("stands at" in fault for fault in broken)
