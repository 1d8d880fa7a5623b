from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from pytest_django import Settings

Ring = Callable[..., None]


def key_text(fill: int, length: int = 32) -> str:
    return base64.b64encode(bytes([fill]) * length).decode()


@pytest.fixture
def use_ring(settings: Settings) -> Ring:
    """Put a ring of made-up keys into the settings: `use_ring("old", "new", current="new")`."""

    def put(*key_ids: str, current: str, index_key: int = 99) -> None:
        settings.TONGDAO_SECRETS = {
            "pii_keys": {key_id: key_text(sum(key_id.encode()) % 256) for key_id in key_ids},
            "pii_current": current,
            "blind_index_key": key_text(index_key),
        }

    put("old", current="old")
    return put
