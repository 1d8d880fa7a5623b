from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.paying import PaySandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    running.control("/modes", scope="default", mode={"transfer_delay_seconds": 0})
    yield running
    running.close()
