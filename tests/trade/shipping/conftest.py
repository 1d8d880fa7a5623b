from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import Shop


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CarrierSandbox]:
    """Shared by all tests of the room; each has parcels of its own."""
    carrier = CarrierSandbox(_folder(tmp_path_factory))
    carrier.start()
    yield carrier
    carrier.kill()


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[CarrierSandbox]:
    """One that the test may kill."""
    carrier = CarrierSandbox(tmp_path / "carrier")
    carrier.start()
    yield carrier
    if carrier.process is not None:
        carrier.kill()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Where the sandbox pushes to: our public address leads there."""
    server = Endpoint()
    with override_settings(BASE_URL=server.url):
        yield server
    server.close()


@pytest.fixture
def shop() -> Shop:
    """A merchant without a carrier account."""
    return Shop()


@pytest.fixture
def connected(shop: Shop, sandbox: CarrierSandbox) -> Shop:
    """A merchant whose carrier gateway is the sandbox."""
    shop.connect(sandbox.access())
    return shop


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("carrier")
