from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.faces.shop.visits import on_a_port
from tests.support.browsing import chromium_at
from tests.support.builders import Shop, make_shop
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox


@pytest.fixture
def shop() -> Shop:
    """One product, `tea-1`, at ¥128.00, ten of it. It cannot take payments."""
    return make_shop()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def wechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WechatSandbox]:
    running = WechatSandbox(tmp_path_factory.mktemp("wechat"))
    yield running
    running.close()


@pytest.fixture
def paid_shop(sandbox: PaySandbox) -> Shop:
    """The same, with an account at the payment sandbox."""
    made = make_shop()
    sandbox.connect(made)
    return made


@pytest.fixture(scope="module")
def site(cluster: object) -> Iterator[str]:
    with on_a_port() as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium_at(chromium) as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
