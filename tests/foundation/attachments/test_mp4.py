"""The walk through the boxes: what goes, what stays, and lengths that lie."""

from __future__ import annotations

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.foundation.attachments.making import (
    FRAME,
    SECRETS,
    box,
    full,
    handler,
    long_box,
    movie,
    picture_entry,
    sample_tables,
    track,
)
from tongdao.foundation.attachments.editing import BLANKS, BadVideo
from tongdao.foundation.attachments.mp4 import BOXES, clean_mp4
from tongdao.foundation.attachments.mp4_samples import ROWS

pytestmark = pytest.mark.pure
WHOLE = movie()
KINDS = [
    "ftyp",
    "moov",
    "mvhd",
    "trak",
    "mdia",
    "hdlr",
    "minf",
    "dinf",
    "dref",
    "stbl",
    "stsd",
    "stsz",
    "stco",
]


def cleaned(content: bytes) -> bytes:
    data = bytearray(content)
    clean_mp4(data)
    return bytes(data)


def problem(content: bytes) -> str:
    with pytest.raises(BadVideo) as caught:
        cleaned(content)
    return caught.value.problem


@pytest.mark.parametrize("brand", [b"mp42", b"qt  ", b"3gp4"])
@pytest.mark.parametrize("mdat", ["short", "long", "open"])
def test_only_picture_and_sound_are_left(brand: bytes, mdat: str) -> None:
    original = movie(brand=brand, mdat=mdat)
    assert all(secret in original for secret in SECRETS)
    content = cleaned(original)
    assert [secret for secret in SECRETS if secret in content] == []
    assert len(content) == len(original)
    assert content.index(FRAME) == original.index(FRAME)
    assert cleaned(content) == content


def test_what_nobody_has_heard_of_goes_too() -> None:
    secret = b"where I live"
    assert secret not in cleaned(movie(more=box(b"qzpx", secret) + box(b"free", secret)))


def test_older_cameras_write_no_brand() -> None:
    content = WHOLE[struct.unpack(">I", WHOLE[:4])[0] :]
    shift = len(WHOLE) - len(content)
    filled = box(b"wide", bytes(shift - 8)) + content
    assert FRAME in cleaned(filled)


@pytest.mark.parametrize(
    "content",
    [
        movie(kind=b"soun"),
        movie(kind=b"pict"),
        movie(elsewhere=True),
        movie(brand=b"heic"),
        movie(brand=b"%PDF"),
        movie(brand=b"<svg"),
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov") + box(b"mdat", b"x"),
    ],
    ids=["sound alone", "still", "elsewhere", "heic", "pdf", "svg", "no tracks"],
)
def test_no_video_of_ours(content: bytes) -> None:
    assert problem(content) == "kind"


def test_cut_off_anywhere_it_is_refused() -> None:
    for length in range(len(WHOLE)):
        problem(WHOLE[:length])


def _with_length(kind: str, length: int) -> bytes:
    data = bytearray(WHOLE)
    at = WHOLE.index(kind.encode()) - 4
    data[at : at + 4] = struct.pack(">I", length)
    return bytes(data)


@pytest.mark.parametrize("length", [0, 1, 2, 7, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ftyp"])
def test_a_length_that_lies_is_refused(kind: str, length: int) -> None:
    problem(_with_length(kind, length))


@pytest.mark.parametrize("length", [0, 15, 2**40, 2**63, 2**64 - 1])
def test_a_long_length_that_lies_is_refused(length: int) -> None:
    data = bytearray(movie(mdat="long"))
    at = data.index(b"mdat") + 4
    data[at : at + 8] = struct.pack(">Q", length)
    assert problem(bytes(data)) == "damaged"


def test_deep_nesting_costs_no_depth() -> None:
    nested = b""
    for _ in range(3_000):
        nested = box(b"moov", nested)
    assert problem(box(b"ftyp", b"isom", bytes(4)) + nested) == "kind"
    deep = b""
    for kind in [b"trak", b"mdia", b"minf", b"stbl"] * 500:
        deep = box(kind, deep)
    problem(box(b"ftyp", b"isom", bytes(4)) + box(b"moov", deep) + box(b"mdat", b"x"))


def test_more_boxes_than_a_video_has_are_refused() -> None:
    assert problem(movie(more=box(b"free") * (BOXES + 1))) == "damaged"
    assert FRAME in cleaned(movie(more=box(b"free") * 100))


def test_a_track_that_is_dropped_takes_no_more_than_its_tables_say() -> None:
    """Tables of such a track that promise more than there is: rows, samples, places."""
    lying = [
        sample_tables(2**31, 8, box(b"gpmd", bytes(8))),
        sample_tables(8, 2**31, box(b"gpmd", bytes(8))),
        sample_tables(0, 8, box(b"gpmd", bytes(8))),
        sample_tables(8, 8, b"").replace(struct.pack(">II", 0, 1), struct.pack(">II", 0, ROWS + 1), 1),
        sample_tables(8, 8, b"").replace(struct.pack(">II", 0, 1), struct.pack(">II", 2**31, 2**31), 1),
        sample_tables(8, 8, b"").replace(
            struct.pack(">IIII", 1, 1, 1, 1), struct.pack(">IIII", 1, 2**31, 1, 1)
        ),
        sample_tables(8, 8, b"").replace(
            struct.pack(">IIII", 1, 1, 1, 1), struct.pack(">IIII", 1, 1, 2**31, 1)
        ),
    ]
    for tables in lying:
        first = box(b"ftyp", b"isom", bytes(4))
        seen = track(b"vide", sample_tables(0, 1, picture_entry()))
        content = first + box(b"moov", seen, track(b"meta", tables)) + box(b"mdat", bytes(64))
        assert problem(content) == "damaged"


def test_many_tracks_with_long_tables_are_refused() -> None:
    """Each is small enough; together they would fill the memory."""

    def long_track(at: int, rows: int) -> bytes:
        tables = box(
            b"stbl",
            full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
            full(b"stsz", struct.pack(">II", 1, rows)),
            full(b"stco", struct.pack(">I", rows), struct.pack(">I", at) * rows),
        )
        return track(b"meta", tables)

    def film(tracks: int, rows: int) -> bytes:
        first, stored = box(b"ftyp", b"isom", bytes(4)), box(b"mdat", bytes(64))
        seen = track(b"vide", sample_tables(0, 1, picture_entry()))
        return first + stored + box(b"moov", seen, *[long_track(len(first) + 8, rows)] * tracks)

    assert len(cleaned(film(2, 1000)))
    assert problem(film(3, BLANKS // 2)) == "damaged"


def test_other_tracks_in_fragments_are_refused() -> None:
    tracks = [track(kind, sample_tables(0, 1, picture_entry())) for kind in (b"vide", b"text")]
    first, last = box(b"ftyp", b"isom", bytes(4)), box(b"moof", box(b"mfhd", bytes(8))) + box(b"mdat", b"x")
    assert problem(first + box(b"moov", *tracks) + last) == "kind"
    assert len(cleaned(first + box(b"moov", tracks[0]) + last))


def _never_surprises(content: bytes) -> None:
    try:
        clean = cleaned(content)
    except BadVideo as error:
        assert error.problem in ("kind", "damaged")
    else:
        assert len(clean) == len(content)
        assert cleaned(clean) == clean


@given(st.binary(max_size=400))
@example(long_box(b"moov", handler(b"vide")))
def test_any_bytes_are_refused_or_a_file(tail: bytes) -> None:
    _never_surprises(tail)
    _never_surprises(box(b"ftyp", b"isom", bytes(4)) + tail)


@given(st.data())
def test_damage_never_surprises(data: st.DataObject) -> None:
    content = bytearray(movie(mdat=data.draw(st.sampled_from(["short", "long", "open"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 4))
        content[at : at + 4] = data.draw(
            st.one_of(
                st.binary(min_size=4, max_size=4),
                st.sampled_from(
                    [
                        b"\0\0\0\0",
                        b"\0\0\0\1",
                        b"\xff\xff\xff\xff",
                        b"\x7f\xff\xff\xff",
                        b"trak",
                        b"free",
                        b"moof",
                        b"stz2",
                    ]
                ),
            )
        )
    _never_surprises(bytes(content))
