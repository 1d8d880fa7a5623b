from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongdao.foundation.keys import KeyMissing
from tongdao.foundation.pii import BadSeal, needs_rotation, open_, reseal, seal

pytestmark = pytest.mark.pure

Ring = Callable[..., None]

HERE = "people.identity.value"
SECRET = "张三丰 13812345678"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
same_ring = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@same_ring
@given(text=texts)
def test_what_is_sealed_opens(use_ring: Ring, text: str) -> None:
    assert open_(seal(text, HERE), HERE) == text


def test_two_seals_of_one_text_differ_and_show_nothing(use_ring: Ring) -> None:
    first, second = seal(SECRET, HERE), seal(SECRET, HERE)
    assert first != second
    assert SECRET.encode() not in first


def test_the_layout_is_as_documented(use_ring: Ring) -> None:
    """Opened by hand with the lower-level cipher, from the layout in the module's docstring."""
    sealed = seal(SECRET, HERE)
    assert sealed[:5] == b"\x01\x03old"
    nonce, text, tag = sealed[5:17], sealed[17:-16], sealed[-16:]
    key = bytes([sum(b"old") % 256]) * 32
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(sealed[:5] + HERE.encode())
    assert (cipher.update(text) + cipher.finalize()).decode() == SECRET


@same_ring
@given(data=st.data())
def test_any_altered_bit_is_noticed(use_ring: Ring, data: st.DataObject) -> None:
    sealed = bytearray(seal(SECRET, HERE))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises((BadSeal, KeyMissing)):
        open_(bytes(sealed), HERE)


@same_ring
@given(junk=st.binary(max_size=80))
def test_junk_does_not_open(use_ring: Ring, junk: bytes) -> None:
    with pytest.raises((BadSeal, KeyMissing)):
        open_(junk, HERE)


def test_a_value_opens_only_in_its_own_column(use_ring: Ring) -> None:
    with pytest.raises(BadSeal, match=r"members\.member\.name") as caught:
        open_(seal(SECRET, HERE), "members.member.name")
    assert SECRET not in str(caught.value)


def test_a_header_cannot_be_swapped_for_another_key_of_equal_bytes(use_ring: Ring) -> None:
    use_ring("ad", "bc", current="ad")  # the made-up keys of both ids are equal
    sealed = seal(SECRET, HERE)
    with pytest.raises(BadSeal):
        open_(sealed.replace(b"ad", b"bc", 1), HERE)


def test_rotation_moves_values_to_the_new_key(use_ring: Ring) -> None:
    sealed = seal(SECRET, HERE)
    assert not needs_rotation(sealed)
    assert reseal(sealed, HERE) is sealed
    use_ring("old", "new", current="new")
    assert needs_rotation(sealed)
    moved = reseal(sealed, HERE)
    assert not needs_rotation(moved)
    use_ring("new", current="new")
    assert open_(moved, HERE) == SECRET
    with pytest.raises(KeyMissing, match="'old'") as caught:
        open_(sealed, HERE)
    assert caught.value.key_id == "old"
