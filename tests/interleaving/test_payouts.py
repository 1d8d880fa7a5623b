"""Payouts, the channel's words on their bills, refunds and releases in whatever order: nobody is paid twice,
and a payout is its lines.

TONGDAO_EXAMPLES raises the number of histories tried (default 20; a quarter of it for each fixed meeting).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.interleaving.conftest import Observer
from tests.interleaving.counter import UNITS
from tests.interleaving.harness import Course, Work, in_turns
from tests.interleaving.test_histories import EXAMPLES, SCHEDULES, relaxed
from tests.interleaving.till import STAGES, TWO_PARTS, Stage, Till, broken
from tests.interleaving.unguarding import UNCLAIMED, all_unguarded, unlocked
from tongdao.foundation.refusals import Refusal

KINDS: dict[str, Callable[[Till], Work]] = {
    "propose": lambda till: till.propose(),
    "approve": lambda till: till.approve(),
    "reject": lambda till: till.reject(),
    "waits": lambda till: till.told("waiting"),
    "arrives": lambda till: till.told("paid"),
    "fails": lambda till: till.told("failed"),
    "send again": lambda till: till.send_again(),
    "the bank": lambda till: till.bank(),
    "give up": lambda till: till.give_up(),
    "give 1": lambda till: till.give(1),
    "give 2": lambda till: till.give(2),
    "release the next": lambda till: till.release(till.next_id),
}
FIXED: list[tuple[Stage, int, tuple[str, ...]]] = [
    ("due", UNITS, ("propose", "propose", "give 1", "release the next")),
    ("proposed", UNITS, ("approve", "reject", "give 2", "approve")),
    ("approved", UNITS, ("arrives", "arrives", "fails", "give 1")),
    ("approved", UNITS, ("fails", "send again", "send again", "arrives")),
    ("approved", TWO_PARTS, ("arrives", "fails", "give up", "the bank")),
    ("failed", UNITS, ("give up", "send again", "give 2", "propose")),
    ("failed", TWO_PARTS, ("the bank", "send again", "arrives", "give up")),
]


def history(
    stage: Stage, kinds: list[str] | tuple[str, ...], schedule: list[int], observer: Observer, units: int
) -> Course:
    till = Till(stage, units)
    course = in_turns([KINDS[kind](till) for kind in kinds], schedule, observer)
    faults = [repr(one.error) for one in course.outcomes if one.error and not isinstance(one.error, Refusal)]
    faults += broken(till)
    assert not faults, "\n".join([*faults, str(course)])
    return course


@pytest.mark.parametrize(
    ("stage", "units", "kinds"), FIXED, ids=lambda each: each if isinstance(each, str) else None
)
@settings(relaxed, max_examples=max(EXAMPLES // 4, 1))
@given(schedule=SCHEDULES)
@example(schedule=[])
@example(schedule=[0, 1, 2, 3] * 60)
def test_what_often_meets(
    observer: Observer, stage: Stage, units: int, kinds: tuple[str, ...], schedule: list[int]
) -> None:
    history(stage, kinds, schedule, observer, units)


@relaxed
@given(
    stage=st.sampled_from(STAGES),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=5),
    units=st.sampled_from([UNITS, TWO_PARTS]),
    schedule=SCHEDULES,
)
def test_whatever_meets(
    observer: Observer, stage: Stage, kinds: list[str], units: int, schedule: list[int]
) -> None:
    history(stage, kinds, schedule, observer, units)


def test_two_proposals_at_once_share_nothing(observer: Observer) -> None:
    """A balance is not looked at and then taken: the second gets what the first left, which is nothing."""
    till = Till("due")
    course = in_turns([till.propose(), till.propose()], [0, 1] * 60, observer)
    assert sorted(one.ok for one in course.outcomes) == [False, True] and broken(till) == []


def test_without_the_guards_money_is_claimed_twice(observer: Observer) -> None:
    """Negative control: with the locks and the comparison of states off, only the database's key is left."""
    off = (unlocked("commission"), UNCLAIMED)
    for turns in range(1, 20):
        till = Till("due")
        works = all_unguarded([till.propose(), till.propose()], *off)
        course = in_turns(works, [*[0] * turns, *[1] * 60], observer)
        if any(one.error and not isinstance(one.error, Refusal) for one in course.outcomes) or broken(till):
            return
    raise AssertionError("without its guards it did as well")
