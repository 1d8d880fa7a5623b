"""A shop's own colour: whether text in it can be read, and what it becomes on a dark page (WCAG 2.1, AA).

Luminance is in parts of 10,000; a ratio of 4.5 is 450.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COLOUR = re.compile(r"#[0-9a-f]{6}")
# The least kind grounds of the kit's two themes.
WHITE, PAPER, DARK_PAPER = "#ffffff", "#fbfaf7", "#1f1e1c"
READABLE = 450  # contrast of small text, in hundredths
STEPS = 20


@dataclass(frozen=True, slots=True)
class Accent:
    """The tokens of both themes: text, filled, filled and pressed, ground behind soft text."""

    text: str
    fill: str
    deep: str
    soft: str
    dark_text: str
    dark_soft: str


def luminance(colour: str) -> int:
    """Relative luminance in parts of 10,000."""
    red, green, blue = (_linear(each) for each in _parts(colour))
    return (2_126 * red + 7_152 * green + 722 * blue) // 10_000


def contrast(one: str, other: str) -> int:
    """Contrast ratio in hundredths, 100 to 2100."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 500) * 100 // (low + 500)


def readable(colour: str) -> bool:
    """As text on a light page and as the ground of white text."""
    return min(contrast(colour, PAPER), contrast(colour, WHITE)) >= READABLE


def accent_of(colour: str) -> Accent:
    """The tokens that follow from a readable colour."""
    soft, dark_soft = mix(colour, WHITE, 18), mix(colour, DARK_PAPER, 15)
    return Accent(
        text=_until_readable(colour, "#000000", (PAPER, soft)),
        fill=colour,
        deep=mix(colour, "#000000", 4),
        soft=soft,
        dark_text=_until_readable(colour, WHITE, (DARK_PAPER, dark_soft)),
        dark_soft=dark_soft,
    )


def mix(one: str, other: str, share: int) -> str:
    """`one` with `share` of STEPS parts of `other`."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{(a * (STEPS - share) + b * share) // STEPS:02x}" for a, b in pairs)


def _until_readable(colour: str, towards: str, grounds: tuple[str, ...]) -> str:
    steps = (mix(colour, towards, share) for share in range(STEPS + 1))
    return next(each for each in steps if min(contrast(each, ground) for ground in grounds) >= READABLE)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: int) -> int:
    """sRGB of 0 to 255 made linear, in parts of 10,000."""
    share = part / 255
    return round(10_000 * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4))
