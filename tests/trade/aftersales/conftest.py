from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.paying import PaySandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()
