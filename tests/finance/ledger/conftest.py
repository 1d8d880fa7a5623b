from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from tests.conftest import Cluster
from tests.finance.ledger.support import Crowd, Superuser, superuser_of
from tongdao.foundation.ids import uuid7


@pytest.fixture
def merchant() -> UUID:
    """A merchant of its own for each test: what is posted stays."""
    return uuid7()


@pytest.fixture
def superuser(cluster: Cluster) -> Iterator[Superuser]:
    with superuser_of(cluster) as admin:
        yield admin


@pytest.fixture
def crowd(superuser: Superuser) -> Iterator[Crowd]:
    with ThreadPoolExecutor(6) as pool:
        yield Crowd(pool, superuser)
