from __future__ import annotations

import pytest

from tests.faces.console.test_freight_browser import browser, site
from tests.faces.operator.support import Someone, World, make_operator, make_world
from tongdao.party.people.models import PlatformRole

__all__ = ["browser", "site"]


@pytest.fixture(scope="session")
def world(cluster: object) -> World:
    return make_world()


@pytest.fixture(scope="module")
def operator(cluster: object) -> Someone:
    return make_operator()


@pytest.fixture(scope="module")
def observer(cluster: object) -> Someone:
    return make_operator(PlatformRole.OBSERVER)
