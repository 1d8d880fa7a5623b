"""Coordinates of small drawn charts. Whole numbers only: the page carries no style attribute and no float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120
HUES = 6  # classes hue-1 … hue-6 of the style sheet


@dataclass(frozen=True)
class Drawn:
    """One value with its place: x, y, width and height in view box units."""

    label: str
    value: int
    x: int
    y: int
    width: int
    height: int
    hue: int


Point = tuple[str, int]


@dataclass(frozen=True)
class Pair:
    """One's own value and that of all together, None where there is none; and both as they are read."""

    label: str
    own: int | None
    other: int | None
    own_text: str = "—"
    other_text: str = "—"


def scale(value: int, top: int, size: int) -> int:
    """Integer share of ``size``; a top of nought draws everything at nought."""
    return max(0, value) * size // top if top > 0 else 0


def columns(points: Sequence[Point]) -> list[Drawn]:
    """Bars side by side; gaps take a third of each place."""
    if not points:
        return []
    top = max(value for _, value in points)
    place = WIDTH // len(points)
    gap = place // 3
    drawn = []
    for index, (label, value) in enumerate(points):
        height = max(scale(value, top, HEIGHT), 1)
        drawn.append(Drawn(label, value, index * place + gap // 2, HEIGHT - height, place - gap, height, 1))
    return drawn


def line(points: Sequence[Point]) -> list[Drawn]:
    """Points of a line from edge to edge; a single point sits at the right edge."""
    top = max((value for _, value in points), default=0)
    steps = max(1, len(points) - 1)
    first = 0 if len(points) > 1 else WIDTH
    return [
        Drawn(label, value, first + index * WIDTH // steps, HEIGHT - scale(value, top, HEIGHT - 8), 0, 0, 1)
        for index, (label, value) in enumerate(points)
    ]


def runs(values: Sequence[int | None], top: int) -> list[list[Drawn]]:
    """A line that stops where nothing is known: its unbroken pieces, one of a single point too."""
    steps = max(1, len(values) - 1)
    first = 0 if len(values) > 1 else WIDTH
    pieces: list[list[Drawn]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            pieces.append([])
            continue
        x, y = first + index * WIDTH // steps, HEIGHT - scale(value, top, HEIGHT - 8)
        pieces[-1].append(Drawn("", value, x, y, 0, 0, 1))
    return [piece for piece in pieces if piece]


def stacked(shares: Sequence[Point], width: int = 1000) -> list[Drawn]:
    """Shares of one whole beside each other. The widths sum exactly to ``width`` (largest remainder)."""
    total = sum(value for _, value in shares)
    if total <= 0 or any(value < 0 for _, value in shares):
        return []
    widths = [value * width // total for _, value in shares]
    by_rest = sorted(range(len(shares)), key=lambda i: (-(shares[i][1] * width % total), i))
    for index in by_rest[: width - sum(widths)]:
        widths[index] += 1
    drawn, x = [], 0
    for index, (label, value) in enumerate(shares):
        drawn.append(Drawn(label, value, x, 0, widths[index], 24, index % HUES + 1))
        x += widths[index]
    return drawn
