from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

import pytest

from tongdao.foundation.pii import BadEmail, BadPhone, blind_index, normalise_email, normalise_phone

pytestmark = pytest.mark.pure

Ring = Callable[..., None]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+86 13812345678",
        "0086 13812345678",
        "8613812345678",
        "(+86)138.1234.5678",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "\uff0b\uff18\uff1613812345678",
    ],
)
def test_one_phone_has_one_spelling(use_ring: Ring, text: str) -> None:
    assert normalise_phone(text) == "13812345678"
    assert blind_index("phone", text) == blind_index("phone", "13812345678")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1381234567",
        "138123456789",
        "12812345678",
        "+1 13812345678",
        "0571-88886666",
        "1381234567x",
        "9" * 999,
    ],
)
def test_what_is_no_mobile_number_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadPhone) as caught:
        normalise_phone(text)
    assert not text or text not in str(caught.value)


def test_one_mail_address_has_one_spelling(use_ring: Ring) -> None:
    assert normalise_email(" Li.Lei@Example.COM ") == "li.lei@example.com"
    assert normalise_email("li\uff20example.com") == "li@example.com"
    assert blind_index("email", "LI@example.com") == blind_index("email", "li@Example.com")


@pytest.mark.parametrize("text", ["", "li", "li@", "@example.com", "a b@example.com", "a@b@c.com", "x" * 600])
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(BadEmail):
        normalise_email(text)


def test_an_index_is_the_hmac_of_kind_and_value(use_ring: Ring) -> None:
    made = hmac.new(bytes([99]) * 32, b"browser\0abc", hashlib.sha256).digest()
    assert blind_index("browser", "abc") == made


def test_kinds_and_keys_are_apart(use_ring: Ring) -> None:
    first = blind_index("browser", "13812345678")
    assert first != blind_index("phone", "13812345678")
    assert blind_index("a", "b\0c") != blind_index("ab", "c")
    use_ring("old", "new", current="new")
    assert blind_index("browser", "13812345678") == first, "sealing keys rotate without touching the indexes"
    use_ring("old", current="old", index_key=98)
    assert blind_index("browser", "13812345678") != first


@pytest.mark.parametrize("kind", ["", "a\0b"])
def test_a_kind_that_could_run_into_the_value_is_refused(use_ring: Ring, kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        blind_index(kind, "x")
