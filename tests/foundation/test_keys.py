from __future__ import annotations

import base64
from typing import Any

import pytest
from pytest_django import Settings

from tongdao.foundation.keys import BadKeyRing, KeyMissing, key_ring

pytestmark = pytest.mark.pure

GOOD = base64.b64encode(b"k" * 32).decode()
RING: dict[str, Any] = {"pii_keys": {"1": GOOD}, "pii_current": "1", "blind_index_key": GOOD}


def test_a_ring_is_read_and_never_shown(settings: Settings) -> None:
    settings.TONGDAO_SECRETS = RING | {"other": "things"}
    ring = key_ring()
    assert (ring.key("1"), ring.current, ring.blind_index_key) == (b"k" * 32, "1", b"k" * 32)
    assert "kkk" not in repr(ring)


@pytest.mark.parametrize(
    "change",
    [
        {"pii_keys": None},
        {"pii_keys": {"1": GOOD[:-4]}},
        {"pii_keys": {"1": "not base64!"}},
        {"pii_keys": {"": GOOD}},
        {"pii_keys": {"x" * 33: GOOD}},
        {"pii_keys": {"é": GOOD}},
        {"blind_index_key": ""},
        {"blind_index_key": None},
        {"pii_current": None},
    ],
)
def test_a_ring_out_of_shape_is_refused_without_showing_it(
    settings: Settings, change: dict[str, Any]
) -> None:
    settings.TONGDAO_SECRETS = RING | change
    with pytest.raises(BadKeyRing) as caught:
        key_ring()
    assert GOOD[:20] not in str(caught.value)


def test_the_current_key_must_be_there(settings: Settings) -> None:
    settings.TONGDAO_SECRETS = RING | {"pii_current": "2"}
    with pytest.raises(KeyMissing, match="'2'"):
        key_ring()


def test_no_ring_at_all(settings: Settings) -> None:
    settings.TONGDAO_SECRETS = None
    with pytest.raises(BadKeyRing):
        key_ring()
