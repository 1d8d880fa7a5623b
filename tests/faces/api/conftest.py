from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faces.api.calling import Town, World, make_world, served
from tests.faces.api.examples import Examples, make_examples
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox
from tests.trade.shipping.sandbox import CarrierSandbox


@pytest.fixture(scope="session")
def pay_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def carrier_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CarrierSandbox]:
    carrier = CarrierSandbox(Path(tmp_path_factory.mktemp("carrier")))
    carrier.start()
    yield carrier
    carrier.kill()


@pytest.fixture(scope="session")
def wechat_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WechatSandbox]:
    running = WechatSandbox(tmp_path_factory.mktemp("wechat"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def town(
    cluster: object,
    pay_sandbox: PaySandbox,
    carrier_sandbox: CarrierSandbox,
    wechat_sandbox: WechatSandbox,
) -> Iterator[Town]:
    """The product on a port, between the sandboxes."""
    with served(
        wechatpay_url=pay_sandbox.papers["gateway"],
        carrier_url=carrier_sandbox.url,
        wechat_url=wechat_sandbox.gateway,
    ) as url:
        yield Town(url, pay_sandbox, wechat_sandbox)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def examples(town: Town) -> Examples:
    """A world in which something of every kind exists, and a good request to every operation."""
    return make_examples(town)
