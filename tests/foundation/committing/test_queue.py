"""The queue with a commit of its own: who waits, who is refused at once, and that everybody is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from tests.stack import wait_until
from tongdao.foundation.committing import GroupCommit, QueueFull, Stopping
from tongdao.foundation.refusals import NotFound, Refusal

pytestmark = pytest.mark.pure
SHOP, NEIGHBOUR = UUID(int=1), UUID(int=2)
LONG = 60.0  # seconds: far more than any of this takes


class Till:
    """A commit that waits until it is let go; `batches` is what it was given."""

    def __init__(self) -> None:
        self.batches: list[tuple[UUID, list[str]]] = []
        self.open = threading.Event()
        self.busy = threading.Event()

    def __call__(self, merchant_id: UUID, wishes: Sequence[str]) -> list[str | Exception]:
        self.batches.append((merchant_id, list(wishes)))
        self.busy.set()
        assert self.open.wait(LONG)
        return [_answer(wish) for wish in wishes]


def _answer(wish: str) -> str | Exception:
    if wish == "die":
        raise SystemExit
    return NotFound() if wish == "unknown" else f"done {wish}"


class Line:
    """A queue in front of a till, and people who stand in it, each on a thread."""

    def __init__(
        self, batch: int = 64, depth: int = 1_000, total: int = 4_000, patience: float = LONG
    ) -> None:
        self.till = Till()
        self.queue = GroupCommit(
            f"test-{uuid4().hex}", self.till, batch=batch, depth=depth, total=total, patience=patience
        )
        self.people = ThreadPoolExecutor(40)

    def ask(self, wish: str, shop: UUID = SHOP) -> Future[str]:
        """Stand in line and come back at once; the next one asked stands behind."""
        before = self.length
        future = self.people.submit(self.queue.submit, shop, wish)
        wait_until(lambda: self.length > before or future.done(), "a place in the line")
        return future

    def serve(self, wish: str = "first", shop: UUID = SHOP) -> Future[str]:
        """One that is at the till: whoever asks now has to wait."""
        future = self.people.submit(self.queue.submit, shop, wish)
        assert self.till.busy.wait(LONG)
        return future

    @property
    def length(self) -> int:
        return self.queue._waiting.count

    def metric(self, name: str, **labels: str) -> float:
        value = REGISTRY.get_sample_value(f"tongdao_queue_{name}", {"queue": self.queue.name, **labels})
        return value or 0.0


@pytest.fixture
def make_line() -> Iterator[Callable[..., Line]]:
    lines: list[Line] = []

    def make(**limits: float) -> Line:
        lines.append(Line(**limits))  # type: ignore[arg-type]  # the constructor's own names
        return lines[-1]

    yield make
    for line in lines:
        line.till.open.set()
        assert line.queue.drain(LONG)
        line.people.shutdown()


def test_a_lone_wish_is_committed_at_once(make_line: Callable[..., Line]) -> None:
    line = make_line()
    line.till.open.set()
    assert line.queue.submit(SHOP, "tea") == "done tea"
    assert line.till.batches == [(SHOP, ["tea"])]


def test_what_arrives_meanwhile_is_the_next_batch_and_each_gets_its_own_answer(
    make_line: Callable[..., Line],
) -> None:
    line = make_line(batch=3)
    people = [line.serve("0"), *(line.ask(str(number)) for number in range(1, 6))]
    line.till.open.set()
    assert [one.result(LONG) for one in people] == [f"done {number}" for number in range(6)]
    assert line.till.batches == [(SHOP, ["0"]), (SHOP, ["1", "2", "3"]), (SHOP, ["4", "5"])]


def test_a_rush_does_not_delay_a_neighbours_sale_by_more_than_a_batch(make_line: Callable[..., Line]) -> None:
    line = make_line(batch=2)
    people = [line.serve(), *(line.ask("rush") for _ in range(8)), line.ask("one tea", NEIGHBOUR)]
    line.till.open.set()
    assert all(one.result(LONG) for one in people)
    assert [shop for shop, _ in line.till.batches].index(NEIGHBOUR) == 2


def test_a_full_line_refuses_at_once_and_says_when_to_come_again(make_line: Callable[..., Line]) -> None:
    line = make_line(depth=2, total=3)
    people = [line.serve(), line.ask("a"), line.ask("b")]
    with pytest.raises(QueueFull) as full:
        line.queue.submit(SHOP, "one too many")
    assert 1 <= full.value.details["retry_after"] <= 60
    assert (full.value.status, full.value.code) == (503, "queue_full")
    people.append(line.ask("c", NEIGHBOUR))
    with pytest.raises(QueueFull):
        line.queue.submit(UUID(int=3), "all lines together are full")
    line.till.open.set()
    assert [one.result(LONG) for one in people] == ["done first", "done a", "done b", "done c"]
    assert all("too many" not in wish for _, wishes in line.till.batches for wish in wishes)


def test_who_has_waited_too_long_gives_up_the_place_and_nothing_is_done(
    make_line: Callable[..., Line],
) -> None:
    line = make_line(patience=0.05)
    being_served = line.serve()
    with pytest.raises(QueueFull):
        line.queue.submit(SHOP, "given up")
    assert line.length == 0
    line.till.open.set()
    assert being_served.result(LONG) == "done first", "patience is for the line: who is at the till stays"
    assert line.queue.submit(SHOP, "later") == "done later"
    assert [wishes for _, wishes in line.till.batches] == [["first"], ["later"]]


def test_draining_answers_all_who_wait_and_refuses_the_next(make_line: Callable[..., Line]) -> None:
    line = make_line(batch=2)
    people = [line.serve(), *(line.ask(str(number)) for number in range(5))]
    ended = line.people.submit(line.queue.drain, LONG)
    wait_until(lambda: line.queue._stopping, "the stop")
    with pytest.raises(Stopping) as late:
        line.queue.submit(SHOP, "too late")
    assert (late.value.status, late.value.details) == (503, {"retry_after": 2})
    line.till.open.set()
    assert ended.result(LONG) is True
    assert [one.result(LONG) for one in people] == ["done first", *(f"done {number}" for number in range(5))]


def test_a_drain_that_runs_out_of_time_tells_those_left_that_nothing_was_done(
    make_line: Callable[..., Line],
) -> None:
    line = make_line()
    at_the_till, waiting = line.serve(), line.ask("waits")
    assert line.queue.drain(0.05) is False
    with pytest.raises(Stopping):
        waiting.result(LONG)
    line.till.open.set()
    assert at_the_till.result(LONG) == "done first"
    wait_until(lambda: line.queue.drain(0.05), "the end of the till")
    assert [wishes for _, wishes in line.till.batches] == [["first"]]


def test_a_queue_that_was_never_used_is_drained_at_once(make_line: Callable[..., Line]) -> None:
    line = make_line()
    assert line.queue.drain(0.0) is True
    with pytest.raises(Stopping):
        line.queue.submit(SHOP, "late")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the crash is the test
def test_a_committer_that_dies_answers_its_batch_and_the_next_one_takes_over(
    make_line: Callable[..., Line],
) -> None:
    line = make_line(batch=2)
    dying = line.serve("die")
    left = [line.ask("a"), line.ask("b"), line.ask("c")]
    (first,) = [one for one in threading.enumerate() if one.name == f"commit-{line.queue.name}"]
    line.till.open.set()
    first.join(LONG)
    with pytest.raises(RuntimeError, match="SystemExit"):
        dying.result(LONG)
    assert [one.result(LONG) for one in left] == ["done a", "done b", "done c"]
    assert line.queue.submit(SHOP, "d") == "done d"


def test_an_exception_among_the_answers_is_raised_to_its_own_asker(make_line: Callable[..., Line]) -> None:
    line = make_line()
    people = [line.serve(), line.ask("a"), line.ask("unknown"), line.ask("b")]
    line.till.open.set()
    assert [people[1].result(LONG), people[3].result(LONG)] == ["done a", "done b"]
    with pytest.raises(NotFound):
        people[2].result(LONG)


def test_the_metrics_count_batches_waits_and_refusals(make_line: Callable[..., Line]) -> None:
    line = make_line(batch=2, depth=4)
    people = [line.serve(), *(line.ask(wish) for wish in ("a", "unknown", "b", "unknown"))]
    assert line.metric("depth") == 4
    with pytest.raises(QueueFull):
        line.queue.submit(SHOP, "one too many")
    line.till.open.set()
    for one in people:
        assert one.exception(LONG) is None or isinstance(one.exception(), Refusal)
    wait_until(lambda: line.metric("batch_size_count") == 3, "the bookkeeping")
    assert line.metric("batch_size_sum") == 5
    assert line.metric("commit_seconds_count") == 3
    assert line.metric("wait_seconds_count") == 3  # the longest of each batch
    assert line.metric("refusals_total", code="not_found") == 2
    assert line.metric("refusals_total", code="queue_full") == 1
    assert line.metric("depth") == 0
