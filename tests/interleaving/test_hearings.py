"""Cases, disputes, direct refunds and a channel that is late, twice or silent, in whatever order: each fen is
where it belongs, and everything ends.

TONGDAO_EXAMPLES raises the number of histories tried (default 20; half as
many again of any, a twentieth for each fixed meeting).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Course, in_turns
from tests.interleaving.hearing import ALWAYS, BACK_STEPS, FITS, KINDS, STEPS, Hearing, Kind
from tests.interleaving.tally import TALLY
from tests.interleaving.test_histories import EXAMPLES, SCHEDULES, relaxed
from tests.interleaving.verdict import whole
from tests.support.paying import PaySandbox
from tongdao.foundation.refusals import Refusal

FIXED: list[tuple[str, tuple[str, ...]]] = [
    ("asked", ("withdraw", "grant", "the time is over", "the seller calls")),
    ("refused", ("escalate", "grant", "the time is over", "staff give 1")),
    ("heard", ("rule for the buyer", "the other rules in part", "staff give 3", "drop")),
    ("ruled", ("the seller appeals", "the seller accepts", "the time to appeal is over", "staff give 1")),
    ("appealed", ("the other rules for the buyer", "staff give 2", "the other rules in part", "release")),
    ("received", ("grant", "refuse", "the time is over", "the seller calls")),
    ("returning", ("receive", "the time is over", "receive", "the timer confirms")),
    ("granted", ("send", "sent, and no answer", "told twice", "staff give 2")),
]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    yield from quiet_sandbox(tmp_path_factory)


def quiet_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    """A channel that tells nothing by itself, and works on a refund until it is settled."""
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    mode = {"notification": "lost", "refund_delay_seconds": 86_400}
    running.control("/modes", scope="default", mode=mode)
    yield running
    running.close()


def history(
    hearing: Hearing,
    kinds: list[str] | tuple[str, ...],
    schedule: list[int],
    observer: Observer,
    cuts: Mapping[int, int] | None = None,
) -> Course:
    course = in_turns([KINDS[kind](hearing) for kind in kinds], schedule, observer, cuts)
    faults = [repr(one.error) for one in course.outcomes if one.error and not isinstance(one.error, Refusal)]
    faults += whole(hearing)
    assert not faults, "\n".join([*faults, str(course)])
    TALLY.note(kinds, course)
    return course


@pytest.mark.parametrize(("step", "kinds"), FIXED, ids=lambda each: each if isinstance(each, str) else None)
@settings(relaxed, max_examples=max(EXAMPLES // 20, 1))
@given(schedule=SCHEDULES)
@example(schedule=[])
@example(schedule=[0, 1, 2, 3] * 60)
def test_what_often_meets(
    observer: Observer, sandbox: PaySandbox, step: str, kinds: tuple[str, ...], schedule: list[int]
) -> None:
    history(Hearing(step, sandbox), kinds, schedule, observer)


class Drawn(NamedTuple):
    """A history as it is drawn. `cuts`: who of them is cut off, after how many statements."""

    step: str
    kind: Kind
    kinds: list[str]
    schedule: list[int]
    cuts: dict[int, int]


def _at(step: str) -> st.SearchStrategy[Drawn]:
    fits, always = st.sampled_from(FITS[step]), st.sampled_from(ALWAYS)
    return st.builds(
        Drawn,
        step=st.just(step),
        kind=st.sampled_from(["refund_only", "return_refund", "price_adjustment"]),
        kinds=st.lists(fits | fits | always | st.sampled_from(sorted(KINDS)), min_size=2, max_size=5),
        schedule=SCHEDULES,
        cuts=st.dictionaries(st.integers(0, 4), st.integers(0, 40), max_size=2),
    )


DRAWN = st.sampled_from([*STEPS, *BACK_STEPS]).flatmap(_at)
HISTORIES = max(3 * EXAMPLES // 2, 1)


@settings(relaxed, max_examples=HISTORIES)
@given(drawn=DRAWN)
@pytest.mark.timeout(6 * 3600)
def test_whatever_meets(observer: Observer, sandbox: PaySandbox, drawn: Drawn) -> None:
    """Some of them are cut off in the middle of what they do."""
    hearing = Hearing(drawn.step, sandbox, drawn.kind)
    history(hearing, drawn.kinds, drawn.schedule, observer, drawn.cuts)
