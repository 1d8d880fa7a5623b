from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.screens.worlds import World
from tests.faces.looking import a_world


@pytest.fixture(scope="package")
def world(cluster: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One merchant with something of every kind, for walks over all pages of all faces."""
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made
