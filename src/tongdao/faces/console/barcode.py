"""Code 128 (ISO/IEC 15417), as the bars of an SVG: what carriers' scanners read on a waybill."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Six widths (bar, gap, bar, gap, bar, gap) for each of the values 0 to 105; the stop has a bar more.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
_STOP = "2331112"
_TO_B, _START_B, _START_C = 100, 104, 105
QUIET = 10  # modules of white before and after, as the standard asks
_PRINTABLE = re.compile(r"[ -~]{1,64}")


class NoBarcode(ValueError):
    """Only printable ASCII can be drawn."""


def values_of(text: str) -> list[int]:
    """Start, the characters, the check value. An even run of digits in front goes in pairs (set C)."""
    if not _PRINTABLE.fullmatch(text):
        raise NoBarcode(text[:16])
    digits = re.match(r"\d*", text)
    run = len(digits.group()) // 2 * 2 if digits else 0
    if run >= 4:
        values = [_START_C, *(int(text[n : n + 2]) for n in range(0, run, 2))]
        rest = text[run:]
        values += [_TO_B, *_plain(rest)] if rest else []
    else:
        values = [_START_B, *_plain(text)]
    check = (values[0] + sum(n * value for n, value in enumerate(values))) % 103
    return [*values, check]


def widths_of(values: Sequence[int]) -> str:
    """All widths with the stop, bars and gaps in turn, in modules."""
    return "".join(_WIDTHS[6 * value : 6 * value + 6] for value in values) + _STOP


def drawn(text: str) -> tuple[int, str]:
    """Width in modules with the quiet zones, and the path of the bars, one module high."""
    at, parts = QUIET, []
    for n, width in enumerate(map(int, widths_of(values_of(text)))):
        if n % 2 == 0:
            parts.append(f"M{at} 0h{width}v1h-{width}z")
        at += width
    return at + QUIET, "".join(parts)


def _plain(text: str) -> list[int]:
    return [ord(character) - 32 for character in text]
