from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.builders import Shop, make_shop
from tests.support.paying import PaySandbox


@pytest.fixture
def shop() -> Shop:
    """One product, `tea-1`, at ¥128.00, ten of it. It cannot take payments."""
    return make_shop()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


@pytest.fixture
def paid_shop(sandbox: PaySandbox) -> Shop:
    """The same, with an account at the payment sandbox."""
    made = make_shop()
    sandbox.connect(made)
    return made
