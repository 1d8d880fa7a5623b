"""Code 128 as scanners read it: structure by the standard, and one known example."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.faces.console.barcode import QUIET, NoBarcode, drawn, values_of, widths_of

pytestmark = pytest.mark.pure
PATTERNS = [widths_of([value])[:6] for value in range(106)]


def read(widths: str) -> str:
    """What a scanner makes of the bars: the text, after start, check value and stop were right."""
    assert widths.endswith("2331112") and (len(widths) - 7) % 6 == 0
    values = [PATTERNS.index(widths[n : n + 6]) for n in range(0, len(widths) - 7, 6)]
    *values, check = values
    assert check == (values[0] + sum(n * value for n, value in enumerate(values))) % 103
    pairs, text = values[0] == 105, ""
    for value in values[1:]:
        if pairs and value == 100:
            pairs = False
        else:
            text += f"{value:02d}" if pairs else chr(value + 32)
    return text


def test_every_value_has_a_pattern_of_its_own_with_eleven_modules() -> None:
    assert len(set(PATTERNS)) == 106
    for pattern in PATTERNS:
        assert sum(map(int, pattern)) == 11
        assert sum(map(int, pattern[::2])) % 2 == 0  # the dark modules are even in number, by the standard


def test_a_known_example() -> None:
    """ "PJJ123C", as the encyclopaedia reckons it, but in set B: start 104 makes the check value 55."""
    assert values_of("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_what_is_drawn_can_be_read(text: str) -> None:
    assert read(widths_of(values_of(text))) == text


@pytest.mark.parametrize("text", ["SF1234567890123", "75312345678901", "773123456789012", "YT-1"])
def test_waybills(text: str) -> None:
    assert read(widths_of(values_of(text))) == text


def test_digits_go_in_pairs() -> None:
    assert len(values_of("12345678")) == 6 < len(values_of("ABCDEFGH"))


def test_the_path_has_quiet_zones_and_only_bars() -> None:
    width, path = drawn("SF1234567890")
    bars = [(int(x), int(w)) for x, w in re.findall(r"M(\d+) 0h(\d+)v1h-\d+z", path)]
    assert bars[0][0] == QUIET and bars[-1][0] + bars[-1][1] == width - QUIET
    assert "".join(re.findall(r"[^MhvzZ0-9 -]", path)) == ""


@pytest.mark.parametrize("text", ["", "单号", "x" * 65, "a\nb"])
def test_what_cannot_be_drawn(text: str) -> None:
    with pytest.raises(NoBarcode):
        drawn(text)
