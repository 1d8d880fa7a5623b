"""Whatever meets, in whatever order: stock, orders and money agree afterwards.

TONGDAO_EXAMPLES raises the number of histories tried of each kind (default 20).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Course, Work, bursts, in_turns
from tests.interleaving.invariants import check
from tests.interleaving.world import STAGES, Stage, World

EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "20"))
SCHEDULES = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 14)), max_size=24).map(
    lambda runs: list(bursts(runs))
)


class Kind(NamedTuple):
    """An operation, and the purchase that it is about."""

    stage: Stage | None
    make: Callable[[World], Work]


KINDS = {
    "place": Kind(None, lambda world: world.place(0)),
    "place the other": Kind(None, lambda world: world.place(1)),
    "place both": Kind(None, lambda world: world.place_both()),
    "pay": Kind("unpaid", lambda world: world.pay(world.unpaid)),
    "pay again": Kind("unpaid", lambda world: world.pay(world.unpaid, 1)),
    "expire": Kind("unpaid", lambda world: world.expire(world.unpaid)),
    "cancel": Kind("paid", lambda world: world.cancel(world.paid)),
    "cancel the unpaid": Kind("unpaid", lambda world: world.cancel(world.unpaid)),
    "pack": Kind("paid", lambda world: world.pack(world.paid)),
    "pack the unpaid": Kind("unpaid", lambda world: world.pack(world.unpaid)),
    "complete": Kind("paid", lambda world: world.complete(world.paid)),
    "complete the shipped": Kind("shipped", lambda world: world.complete(world.shipped)),
    "expire the paid": Kind("paid", lambda world: world.expire(world.paid)),
    "recount": Kind(None, lambda world: world.recount(world.stock - 1)),
}
FIXED = [
    ("place", "place", "place the other", "place both"),
    ("pay", "pay", "pay again", "expire"),
    ("pay", "expire", "expire", "place"),
    ("cancel", "pack", "cancel", "pack"),
    ("pay", "cancel the unpaid", "pack the unpaid", "expire"),
    ("complete the shipped", "complete the shipped", "cancel", "place"),
]
relaxed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same histories at each run: a failure is the code's, not the day's
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def history(kinds: tuple[str, ...] | list[str], schedule: list[int], observer: Observer) -> Course:
    stages = {stage for kind in kinds if (stage := KINDS[kind].stage)}
    world = World([stage for stage in STAGES if stage in stages])
    course = in_turns([KINDS[kind].make(world) for kind in kinds], schedule, observer)
    check(world, course)
    return course


@pytest.mark.parametrize("kinds", FIXED, ids=", ".join)
@relaxed
@given(schedule=SCHEDULES)
@example(schedule=[])
@example(schedule=[0, 1, 2, 3] * 60)
def test_what_often_meets(observer: Observer, kinds: tuple[str, ...], schedule: list[int]) -> None:
    history(kinds, schedule, observer)


@relaxed
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4), schedule=SCHEDULES)
def test_whatever_meets(observer: Observer, kinds: list[str], schedule: list[int]) -> None:
    history(kinds, schedule, observer)
