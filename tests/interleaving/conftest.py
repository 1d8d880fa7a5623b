from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.tenancy.catalogue import superuser

Observer = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def observer(cluster: Any) -> Iterator[Observer]:
    """The superuser, who sees who waits for whom."""
    with superuser() as connection:
        yield connection
