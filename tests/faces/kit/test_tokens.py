"""Tokens: as the design states them, the same in both dark places, readable (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from tests.faces.kit.places import CSS

pytestmark = pytest.mark.pure
TEXT = ("ink", "ink-2", "ink-3", "accent", "jade", "amber", "slate")
GROUNDS = ("paper", "card", "sunk")


def _sets() -> list[dict[str, str]]:
    blocks = re.findall(r"color-scheme:(?:light|dark);(.*?)\}", CSS, re.S)
    return [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,8})", block)) for block in blocks]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Ratio of two opaque colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_published() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_light_tokens_are_those_of_the_design() -> None:
    light = _sets()[0]
    assert (light["ink"], light["paper"], light["accent"], light["jade"]) == (
        "#1d1d1b",
        "#fbfaf7",
        "#b8442c",
        "#2f6f5e",
    )


def test_both_dark_places_say_the_same() -> None:
    light, by_device, by_choice = _sets()
    assert by_device == by_choice
    assert light.keys() <= by_device.keys() | {"shadow", "veil"}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_is_readable_on_every_ground(theme: int, ground: str, text: str) -> None:
    tokens = _sets()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("hue", ["accent", "jade", "amber", "slate"])
def test_tones_are_readable_on_their_own_soft_ground(theme: int, hue: str) -> None:
    tokens = _sets()[theme]
    assert contrast(tokens[hue], tokens[f"{hue}-soft"]) >= 4.5
    assert contrast(tokens["ink"], tokens[f"{hue}-soft"]) >= 4.5
    assert contrast(tokens["ink-2"], tokens[f"{hue}-soft"]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_buttons_and_edges_stand_out(theme: int) -> None:
    tokens = _sets()[theme]
    assert contrast(tokens["on-accent"], tokens["accent-fill"]) >= 4.5
    assert contrast(tokens["on-accent"], tokens["accent-deep"]) >= 4.5
    assert min(contrast(tokens["edge"], tokens[ground]) for ground in GROUNDS) >= 3
    assert contrast(tokens["accent-fill"], tokens["paper"]) >= 3


def test_the_sheet_is_small_layered_and_at_home() -> None:
    assert len(CSS.encode()) <= 30 * 1024
    assert "@layer reset, tokens, base, components, shop, console;" in CSS
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert CSS.count("{") == CSS.count("}")
