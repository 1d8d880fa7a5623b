"""Pictures as the demo's buyers took them: drawn here, since no photograph of anybody's is ours to ship."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter

EDGE = 900
Colour = tuple[int, int, int]
TABLE, SHADE, GLAZE, RIM = (222, 211, 194), (150, 134, 112), (196, 212, 206), (244, 242, 234)
TEAS: dict[str, Colour] = {"oolong": (196, 136, 58), "green": (172, 176, 92), "dark": (120, 58, 34)}


def photo(tea: str) -> io.BytesIO:
    """A cup from above, with one of TEAS in it, as JPEG."""
    image = Image.new("RGB", (EDGE, EDGE), TABLE)
    draw = ImageDraw.Draw(image)
    for line in range(0, EDGE, 30):  # the grain of the table
        draw.line((0, line, EDGE, line + 40), fill=(214, 202, 184), width=6)
    _disc(draw, 490, 500, 330, SHADE)
    image = image.filter(ImageFilter.GaussianBlur(18))
    draw = ImageDraw.Draw(image)
    _disc(draw, 450, 450, 320, GLAZE)
    _disc(draw, 450, 450, 292, RIM)
    _disc(draw, 450, 450, 262, TEAS[tea])
    _disc(draw, 380, 370, 44, tuple(min(255, part + 40) for part in TEAS[tea]))  # the window in it
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=88)
    out.seek(0)
    return out


def _disc(draw: ImageDraw.ImageDraw, x: int, y: int, radius: int, colour: tuple[int, ...]) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
