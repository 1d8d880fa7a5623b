from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tongdao.foundation.images import BYTES_MAX, BadImage, ImageInfo, check_image, redraw_image

pytestmark = pytest.mark.pure


def picture(kind: str, width: int = 60, height: int = 40, mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    image.save(out, kind, **options)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG that only says how large it is."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 1) + b"IDAT" + b"\0" * 5


@pytest.mark.parametrize(
    ("kind", "media"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")]
)
def test_the_type_is_what_the_content_is(kind: str, media: str) -> None:
    assert check_image(picture(kind)) == ImageInfo(60, 40, f"image/{media}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html></html>",
        picture("BMP"),
        picture("TIFF"),
        picture("JPEG")[:200],
        picture("PNG")[:-40],
    ],
)
def test_other_or_damaged_content_is_refused(content: bytes) -> None:
    for read in (check_image, redraw_image):
        with pytest.raises(BadImage) as caught:
            read(content)
        assert caught.value.code == "unreadable"


@pytest.mark.parametrize(("width", "height"), [(8000, 5001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(BadImage) as caught:
        check_image(huge_png(width, height))
    assert caught.value.code == "pixels"


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(BadImage) as caught:
        check_image(picture("PNG") + b"\0" * BYTES_MAX)
    assert caught.value.code == "size"


def test_redrawing_drops_metadata_and_turns_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn a quarter
    exif[0x010F] = "SECRETCAMERA"
    original = picture("JPEG", exif=exif)
    assert b"SECRETCAMERA" in original
    content, info = redraw_image(original)
    assert b"SECRETCAMERA" not in content
    assert info == check_image(content) == ImageInfo(40, 60, "image/webp")
    with Image.open(BytesIO(content)) as image:
        assert not image.getexif()


def test_redrawing_bounds_the_edge_and_keeps_transparency() -> None:
    image = Image.new("RGBA", (900, 300), (200, 60, 40, 128))
    out = BytesIO()
    image.save(out, "PNG")
    content, info = redraw_image(out.getvalue(), edge=300)
    assert (info.width, info.height) == (300, 100)
    with Image.open(BytesIO(content)) as redrawn:
        assert redrawn.mode == "RGBA"


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1"), ("JPEG", "L")]
)
def test_every_colour_mode_can_be_redrawn(kind: str, mode: str) -> None:
    assert redraw_image(picture(kind, mode=mode))[1].type == "image/webp"


@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.data())
def test_damage_never_surprises(kind: str, data: st.DataObject) -> None:
    content = bytearray(picture(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        info = redraw_image(bytes(content))[1]
    except BadImage as error:
        assert error.code in {"unreadable", "pixels"}
    else:
        assert info.type == "image/webp"
