from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.wechat import WechatSandbox


@pytest.fixture(scope="module")
def wechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WechatSandbox]:
    running = WechatSandbox(tmp_path_factory.mktemp("wechat"))
    yield running
    assert running.close() == 0
