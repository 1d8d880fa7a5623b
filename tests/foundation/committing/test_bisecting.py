"""One bad wish refuses itself and nobody else; what is nobody's fault is tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.committing import commit_each
from tongdao.foundation.committing.bisecting import TRIES
from tongdao.foundation.refusals import NotFound

pytestmark = pytest.mark.pure
SHOP = UUID(int=1)
Batches = list[list[int]]
Commit = Callable[[UUID, Sequence[int]], list[str]]


def failed(state: str, kind: type[DatabaseError] = OperationalError) -> DatabaseError:
    """What Django raises for a server's error with this SQLSTATE."""
    error = kind(f"the server said {state}")
    error.__cause__ = psycopg.errors.lookup(state)(state)
    return error


def committing(
    refuse: Callable[[Sequence[int]], Exception | None], seen: Batches
) -> Callable[..., list[str]]:
    """A commit that raises what `refuse` says about the whole batch; `seen` is every try."""

    def commit(merchant_id: UUID, wishes: Sequence[int]) -> list[str]:
        assert merchant_id == SHOP
        seen.append(list(wishes))
        if error := refuse(wishes):
            raise error
        return [f"done {wish}" for wish in wishes]

    return commit


@given(wishes=st.integers(0, 70), bad=st.sets(st.integers(0, 69), max_size=6))
def test_only_the_bad_ones_are_refused(wishes: int, bad: set[int]) -> None:
    seen: Batches = []
    commit = committing(lambda batch: failed("23505", IntegrityError) if bad & set(batch) else None, seen)
    answers = commit_each(commit, SHOP, range(wishes))
    assert len(answers) == wishes
    for wish, answer in enumerate(answers):
        assert isinstance(answer, IntegrityError) if wish in bad else answer == f"done {wish}"
    done = [wish for batch in seen if not bad & set(batch) for wish in batch]
    assert sorted(done) == sorted(set(range(wishes)) - bad), "each good one is committed exactly once"


def test_one_bad_wish_of_64_costs_a_dozen_transactions() -> None:
    seen: Batches = []
    commit = committing(lambda batch: ValueError() if 17 in batch else None, seen)
    commit_each(commit, SHOP, range(64))
    assert len(seen) == 13


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_a_deadlock_is_nobodys_fault_and_tried_again_whole(state: str) -> None:
    seen: Batches = []
    commit = committing(lambda _: failed(state) if len(seen) < TRIES else None, seen)
    assert commit_each(commit, SHOP, [1, 2, 3]) == ["done 1", "done 2", "done 3"]
    assert seen == [[1, 2, 3]] * TRIES


def test_what_waits_for_ever_ends_with_its_error() -> None:
    seen: Batches = []
    answers = commit_each(committing(lambda _: failed("55P03"), seen), SHOP, [1, 2])
    assert all(isinstance(answer, OperationalError) for answer in answers)
    assert len(seen) == 3 * TRIES, "both together, then each alone"


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the connection is closed"),  # no word from the server at all
        InterfaceError("connection already closed"),
        failed("57P01"),  # the administrator ended it
        failed("57P02"),  # it crashed
        failed("57P03"),  # it is still starting
        failed("08006"),
    ],
    ids=str,
)
def test_with_a_lost_connection_nothing_is_tried_again(error: Exception) -> None:
    """Whether the server has committed is not known: a second try could do everything twice."""
    seen: Batches = []
    answers = commit_each(committing(lambda _: error, seen), SHOP, [1, 2, 3])
    assert answers == [error] * 3
    assert seen == [[1, 2, 3]]


def test_a_connection_lost_in_one_half_leaves_the_other_its_answers() -> None:
    seen: Batches = []

    def refuse(batch: Sequence[int]) -> Exception | None:
        if len(batch) == 4:
            return failed("23514", IntegrityError)
        return OperationalError("closed") if 0 in batch else None

    answers = commit_each(committing(refuse, seen), SHOP, range(4))
    assert [isinstance(answer, OperationalError) for answer in answers] == [True, True, False, False]


def test_a_server_short_of_memory_is_not_a_lost_connection() -> None:
    seen: Batches = []
    commit = committing(lambda batch: failed("53200") if len(batch) > 2 else None, seen)
    assert commit_each(commit, SHOP, range(4)) == [f"done {wish}" for wish in range(4)]


def test_refusals_among_the_answers_are_answers() -> None:
    def commit(merchant_id: UUID, wishes: Sequence[int]) -> list[str | Exception]:
        return ["done", NotFound()]

    done, refused = commit_each(commit, SHOP, [1, 2])
    assert (done, type(refused)) == ("done", NotFound)


def test_answers_that_do_not_fit_the_wishes_are_an_error_of_each() -> None:
    """A committer that loses an answer must not let its neighbours wait, nor give them a wrong one."""

    def commit(merchant_id: UUID, wishes: Sequence[int]) -> list[str]:
        return ["one too many"] * (len(wishes) + 1)

    answers = commit_each(commit, SHOP, [1, 2, 3])
    assert [type(answer) for answer in answers] == [AssertionError] * 3
