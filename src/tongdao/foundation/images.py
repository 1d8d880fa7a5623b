"""Pictures from strangers: checked by content, bounded, and drawn anew so that nothing but pixels is kept.

SVG is no picture here: it can carry script. Our own drawings go another way, as static files.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

BYTES_MAX = 10 * 1024 * 1024
PIXELS_MAX = 40_000_000
EDGE_MAX = 1600
WEBP_QUALITY = 82
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


class BadImage(ValueError):
    """No picture that can be kept. `code`: size, pixels, or unreadable."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class ImageInfo:
    """Width and height in pixels as stored; `type` is the media type found in the content."""

    width: int
    height: int
    type: str


def check_image(content: bytes) -> ImageInfo:
    """Look at a picture without trusting its name or stated type. Raises BadImage; decodes all of it."""
    with _opened(content) as image:
        info = _info(image)
        _load(image)
    return info


def redraw_image(content: bytes, edge: int = EDGE_MAX) -> tuple[bytes, ImageInfo]:
    """The picture as WebP, upright, without metadata, no edge longer than `edge` pixels. First frame only."""
    with _opened(content) as image:
        image.draft("RGB", (edge, edge))
        _load(image)
        upright = ImageOps.exif_transpose(image)
    upright.thumbnail((edge, edge))
    alpha = "A" in upright.getbands() or "transparency" in upright.info
    pixels = upright.convert("RGBA" if alpha else "RGB")
    pixels.info.clear()
    out = BytesIO()
    pixels.save(out, "WEBP", quality=WEBP_QUALITY, method=4)
    return out.getvalue(), ImageInfo(pixels.width, pixels.height, "image/webp")


def _opened(content: bytes) -> Image.Image:
    """Reads the header only; the number of pixels is checked before any of them is decoded."""
    if len(content) > BYTES_MAX:
        raise BadImage("size", f"a picture has at most {BYTES_MAX} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            image = Image.open(BytesIO(content), formats=list(FORMATS))
    except Image.DecompressionBombError as error:
        raise BadImage("pixels", f"a picture has at most {PIXELS_MAX} pixels") from error
    except (OSError, ValueError, SyntaxError, OverflowError) as error:
        raise BadImage("unreadable", "this is no JPEG, PNG, WebP or GIF picture") from error
    if image.width * image.height > PIXELS_MAX:
        raise BadImage("pixels", f"a picture has at most {PIXELS_MAX} pixels")
    return image


def _info(image: Image.Image) -> ImageInfo:
    return ImageInfo(image.width, image.height, FORMATS[str(image.format)])


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, OverflowError, EOFError) as error:
        raise BadImage("unreadable", "the picture is damaged") from error
