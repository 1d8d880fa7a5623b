"""A shop's colour can be read in both themes, whatever it is."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tongdao.party.merchants.accents import (
    COLOUR,
    DARK_PAPER,
    PAPER,
    READABLE,
    WHITE,
    accent_of,
    contrast,
    readable,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SHEET = "src/tongdao/faces/kit/static/kit/tongdao.css"


def test_known_ratios() -> None:
    assert contrast("#000000", "#ffffff") == 2100 and contrast("#777777", "#777777") == 100
    assert 447 <= contrast("#777777", "#ffffff") <= 448  # the textbook's example of just too pale
    assert readable("#b8442c") and readable("#2f6f5e") and not readable("#777777") and not readable("#ffd700")


@given(COLOURS.filter(readable))
def test_every_token_of_a_readable_colour_can_be_read(colour: str) -> None:
    found = accent_of(colour)
    assert all(COLOUR.fullmatch(getattr(found, name)) for name in found.__slots__)
    pairs = [
        (found.text, PAPER),
        (found.text, found.soft),
        (WHITE, found.fill),
        (WHITE, found.deep),
        (found.dark_text, DARK_PAPER),
        (found.dark_text, found.dark_soft),
    ]
    assert all(contrast(ink, ground) >= READABLE for ink, ground in pairs), (found, pairs)


def test_the_grounds_are_the_kits(pytestconfig: object) -> None:
    sheet = (pytestconfig.rootpath / SHEET).read_text(encoding="utf-8")  # type: ignore[attr-defined]  # pytest's own
    papers, cards = re.findall(r"--paper:(#\w+)", sheet), re.findall(r"--card:(#\w+)", sheet)
    assert (papers[0], cards[0]) == (PAPER, WHITE)
    assert {
        min(pair, key=lambda ground: contrast(ground, WHITE))
        for pair in zip(papers[1:], cards[1:], strict=True)
    }
    assert set(cards[1:]) == {DARK_PAPER}
