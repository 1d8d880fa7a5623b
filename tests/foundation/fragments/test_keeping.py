"""The promise of kept values, under a clock that the test moves and threads that it holds at a point."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.fragments import LASTS, RECHECK, STALE, Fragments
from tongdao.foundation.fragments.keeping import OVERHEAD

pytestmark = pytest.mark.pure
WAIT = 20  # seconds, for what must happen


class Source:
    """Something that changes: `read` and `make` count how often they were asked."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0
        self.makes = 0
        self.on_read: Callable[[], object] = lambda: None
        self.on_make: Callable[[], object] = lambda: None

    def read(self) -> str:
        self.reads += 1
        seen = str(self.value)
        self.on_read()
        return seen

    def make(self) -> str:
        self.makes += 1
        self.on_make()
        return f"value {self.value}"


class Desk:
    """Kept values of one source under a clock of the test."""

    def __init__(self, most_bytes: int = 100_000) -> None:
        self.now = 1000.0
        self.kept: Fragments[str] = Fragments(most_bytes=most_bytes, size=len, clock=lambda: self.now)
        self.kept.recheck = RECHECK
        self.source = Source()

    def get(self, key: str = "page") -> str:
        return self.kept.get(key, self.source.read, self.source.make)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_version_is_read_twice_a_second_and_the_value_made_once(desk: Desk) -> None:
    for step in range(100):  # 12.4 seconds of requests
        desk.now = 1000.0 + step / 8
        assert desk.get() == "value 0"
    assert (desk.source.reads, desk.source.makes) == (25, 1)


@given(
    st.lists(st.tuples(st.floats(0.001, 2.0), st.booleans()), min_size=1, max_size=60),
)
def test_a_change_is_seen_by_whoever_asks_a_second_later(steps: list[tuple[float, bool]]) -> None:
    desk, changed = Desk(), [(0.0, 0)]  # when, and to what
    for pause, changes in steps:
        desk.now += pause
        if changes:
            desk.source.value += 1
            changed.append((desk.now, desk.source.value))
        else:
            seen = int(desk.get().removeprefix("value "))
            assert seen >= max(value for at, value in changed if at <= desk.now - STALE)


def test_without_a_version_the_old_value_would_stay() -> None:
    desk = Desk()
    desk.kept.get("page", lambda: "always", desk.source.make)
    desk.source.value, desk.now = 1, desk.now + 10 * STALE
    assert desk.kept.get("page", lambda: "always", desk.source.make) == "value 0"
    assert desk.get("another") == "value 1"


def test_a_value_is_made_anew_in_time_under_the_same_version(desk: Desk) -> None:
    desk.get()
    desk.now += LASTS + 0.01
    desk.get()
    assert desk.source.makes == 2


def test_a_change_between_version_and_value_is_seen_at_the_next_reading(desk: Desk) -> None:
    desk.get()
    desk.source.value, desk.now = 1, desk.now + RECHECK
    desk.source.on_make = lambda: setattr(desk.source, "value", 2)  # after the version was read
    assert desk.get() == "value 2"
    desk.source.on_make = lambda: None
    desk.source.value, desk.now = 3, desk.now + RECHECK
    assert desk.get() == "value 3"


def test_what_cannot_be_made_is_not_kept_and_the_old_value_is_gone(desk: Desk) -> None:
    desk.get()

    def fail() -> None:
        raise LookupError("gone")

    desk.source.value, desk.now, desk.source.on_make = 1, desk.now + RECHECK, fail
    for _ in range(2):
        with pytest.raises(LookupError):
            desk.get()
    assert len(desk.kept) == 0
    assert desk.kept.bytes == 0
    desk.source.on_make = lambda: None
    assert desk.get() == "value 1"


def test_what_cannot_be_read_is_told_and_not_covered_by_the_old_value(desk: Desk) -> None:
    desk.get()

    def fail() -> None:
        raise ConnectionError

    desk.now, desk.source.on_read = desk.now + RECHECK, fail
    with pytest.raises(ConnectionError):
        desk.get()


def test_memory_is_bounded_and_what_was_long_unasked_for_goes_first() -> None:
    size = OVERHEAD + len("value 0")
    desk = Desk(most_bytes=3 * size)
    for key in ("a", "b", "c"):
        desk.get(key)
    desk.get("a")
    desk.get("d")
    assert (len(desk.kept), desk.kept.bytes) == (3, 3 * size)
    before = desk.source.makes
    for key in ("a", "c", "d"):
        desk.get(key)
    assert desk.source.makes == before
    desk.get("b")
    assert desk.source.makes == before + 1


def test_a_value_that_does_not_fit_pushes_nothing_out() -> None:
    desk = Desk(most_bytes=2 * (OVERHEAD + 10))
    desk.get("small")
    large = "x" * 5000
    assert desk.kept.get("large", lambda: "1", lambda: large) == large
    assert len(desk.kept) == 1
    before = desk.source.reads
    desk.get("small")
    assert desk.source.reads == before


def test_ten_at_once_make_one_value(desk: Desk) -> None:
    begun, go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go.wait(WAIT)

    desk.source.on_make = hold
    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(desk.get) for _ in range(10)]
        assert begun.wait(WAIT)
        go.set()
        assert {one.result(WAIT) for one in asked} == {"value 0"}
    assert (desk.source.reads, desk.source.makes) == (1, 1)


def test_while_one_reads_the_others_have_the_old_value_until_its_second_is_over(desk: Desk) -> None:
    desk.get()
    begun, go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go.wait(WAIT)

    desk.source.value, desk.now, desk.source.on_read = 1, desk.now + RECHECK, hold
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(desk.get)
        assert begun.wait(WAIT)
        assert desk.get() == "value 0"  # at once: it is half a second old
        desk.now += STALE - RECHECK
        late = pool.submit(desk.get)
        assert not late.done()
        go.set()
        assert (first.result(WAIT), late.result(WAIT)) == ("value 1", "value 1")
    assert desk.source.reads == 2  # the late one took what the first had read


def test_keys_do_not_share(desk: Desk) -> None:
    desk.get("one")
    desk.source.value = 1
    assert (desk.get("other"), desk.get("one")) == ("value 1", "value 0")
