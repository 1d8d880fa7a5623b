"""Refunds, complaints, commissions and withdrawals as they went wrong in other shops: not here, and why not.

Each entry three times: done by our operations, nothing is wrong afterwards; done as it was done there, the
database refuses it; and with that guard off (the negative control) it goes wrong as it did there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.failures.complaints import COMPLAINTS
from tests.failures.entry import Failure, Scene, refused
from tests.failures.refunds import REFUNDS
from tests.failures.withdrawals import WITHDRAWALS
from tests.interleaving.conftest import Observer
from tests.interleaving.scratch import scratch_database
from tests.interleaving.till import Till

FAILURES = [*REFUNDS, *COMPLAINTS, *WITHDRAWALS]
GUARDED = [failure for failure in FAILURES if failure.guard]


@pytest.fixture(scope="module")
def scratch(cluster: object) -> Iterator[None]:
    """A database without any of the guards."""
    with scratch_database(sorted({statement for failure in FAILURES for statement in failure.without})):
        yield


def named(failure: Failure) -> str:
    return failure.told


@pytest.mark.parametrize("failure", FAILURES, ids=named)
def test_we_do_not(failure: Failure, observer: Observer) -> None:
    till = Till(failure.stage)
    failure.ours(Scene(till, observer))
    assert failure.faults(till) == []


@pytest.mark.parametrize("failure", GUARDED, ids=named)
def test_the_database_refuses_it(failure: Failure, observer: Observer) -> None:
    till = Till(failure.stage)
    assert failure.guard in refused(failure.theirs, Scene(till, observer))


@pytest.mark.parametrize("failure", FAILURES, ids=named)
def test_without_its_guard_we_would(failure: Failure, scratch: None, observer: Observer) -> None:
    till = Till(failure.stage)
    failure.theirs(Scene(till, observer))
    faults = failure.faults(till)
    assert any(fault.startswith(failure.fault) for fault in faults), faults
