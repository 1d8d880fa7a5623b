"""The walk through the elements: what goes, what stays, and lengths that lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.foundation.attachments.making import FRAME, WEBM_SECRETS, element, open_element, webm
from tongdao.foundation.attachments.editing import BadVideo
from tongdao.foundation.attachments.webm import ELEMENTS, clean_webm

pytestmark = pytest.mark.pure
CLOSED = webm(told=True)


def cleaned(content: bytes) -> bytes:
    data = bytearray(content)
    clean_webm(data)
    return bytes(data)


def problem(content: bytes) -> str:
    with pytest.raises(BadVideo) as caught:
        cleaned(content)
    return caught.value.problem


@pytest.mark.parametrize("told", [True, False])
def test_only_picture_and_sound_are_left(told: bool) -> None:
    original = webm(told=told)
    assert all(secret in original for secret in WEBM_SECRETS)
    content = cleaned(original)
    assert [secret for secret in WEBM_SECRETS if secret in content] == []
    assert len(content) == len(original)
    assert content.count(FRAME) == 2 and content.index(FRAME) == original.index(FRAME)
    assert cleaned(content) == content


@pytest.mark.parametrize("width", range(1, 9))
def test_a_void_has_the_length_of_what_it_stands_for(width: int) -> None:
    secret = b"where I live"
    for id in (0xBF, 0x4DBB, 0x22B59C, 0x1043A770):
        content = cleaned(webm(more=element(id, secret, width=width)))
        assert secret not in content and content.count(FRAME) == 2


def test_tags_behind_clusters_of_unknown_length_are_found() -> None:
    tags = element(0x1254C367, b"secret of mine")
    assert b"secret of mine" not in cleaned(webm(last=tags))
    assert b"secret of mine" not in cleaned(webm(told=True, last=tags))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (webm(doc=b"matroska"), "kind"),
        (webm(kind=2), "kind"),  # sound alone
        (webm(kind=0x11), "kind"),  # subtitles
        (webm(kind=0x21), "kind"),  # metadata
        (webm(last=open_element(0x1254C367, b"x")), "damaged"),
        (webm(told=True) + b"<script>", "damaged"),
        (webm(told=True) + webm(), "damaged"),
        (webm(last=element(0x1A45DFA3, b"x")) + b"\0", "damaged"),
        (element(0x1A45DFA3, element(0x4282, b"webm")), "damaged"),
        (element(0x1A45DFA3, element(0x4282, b"webm"), bytes(2000)), "damaged"),
        (open_element(0x1A45DFA3, element(0x4282, b"webm")), "damaged"),
    ],
)
def test_no_video_of_ours(content: bytes, code: str) -> None:
    assert problem(content) == code


def test_cut_off_anywhere_it_is_refused() -> None:
    for length in range(len(CLOSED)):
        problem(CLOSED[:length])


@pytest.mark.parametrize("id", [0x1549A966, 0x1654AE6B, 0xAE, 0x4D80, 0xE7])
@pytest.mark.parametrize("lie", [b"\x01\x00\xff\xff\xff\xff\xff\xff", b"\x01\xff\xff\xff\xff\xff\xff\xfe"])
def test_a_length_that_lies_is_refused(id: int, lie: bytes) -> None:
    head = id.to_bytes((id.bit_length() + 7) // 8, "big")
    at = CLOSED.index(head) + len(head)
    assert problem(CLOSED[:at] + lie + CLOSED[at + 8 :]) == "damaged"


def test_more_elements_than_a_video_has_are_refused() -> None:
    assert problem(webm(last=element(0xEC) * (ELEMENTS + 1))) == "damaged"


def test_a_kind_of_a_thousand_digits_is_none() -> None:
    entry = element(0xAE, element(0x83, b"\xff" * 5_000))
    assert problem(webm(more=element(0x1654AE6B, entry))) == "damaged"


def _never_surprises(content: bytes) -> None:
    try:
        clean = cleaned(content)
    except BadVideo as error:
        assert error.problem in ("kind", "damaged")
    else:
        assert len(clean) == len(content)
        assert cleaned(clean) == clean


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_a_file(tail: bytes) -> None:
    _never_surprises(tail)
    _never_surprises(element(0x1A45DFA3, element(0x4282, b"webm")) + tail)
    _never_surprises(webm(last=tail))


@given(st.booleans(), st.data())
def test_damage_never_surprises(told: bool, data: st.DataObject) -> None:
    content = bytearray(webm(told=told))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _never_surprises(bytes(content))
