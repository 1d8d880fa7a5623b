"""Contact sheets: one page in HTML to leaf through, and pictures of many small pictures for a first look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image

from bench.screens.camera import STATES, Shot

HEAD = """<!doctype html><meta charset="utf-8"><title>Screens</title>
<style>body{font:14px sans-serif;margin:16px;background:#888;color:#fff} h2{margin:32px 0 8px}
figure{display:inline-block;vertical-align:top;margin:0 8px 8px 0;max-width:320px}
img{width:320px;background:#fff}
.bad{outline:4px solid #c00}</style>
"""
PHONE_WIDTH = 700  # pixels; wider is a desk
PHONE, DESK = (6, (320, 640)), (3, (648, 480))  # columns of an overview, and what each page has of it
GAP = 8


def write_sheet(out: Path, shots: Sequence[Shot]) -> Path:
    """`index.html`, by page; what is wide, failed or complained of is framed."""
    by_place: defaultdict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_place[shot.place].append(shot)
    parts = [HEAD]
    for place, found in by_place.items():
        parts.append(f"<h2>{escape(place)}</h2>")
        parts += [
            _figure(shot) for shot in sorted(found, key=lambda one: (STATES.index(one.state), one.look))
        ]
    path = out / "index.html"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def is_bad(shot: Shot) -> bool:
    return shot.wide or shot.status >= 500 or (bool(shot.said) and shot.state in ("full", "empty", "huge"))


def _figure(shot: Shot) -> str:
    told = f"{shot.state} {shot.look} {shot.status}{' WIDE' if shot.wide else ''} {' '.join(shot.said)[:200]}"
    kind = ' class="bad"' if is_bad(shot) else ""
    return (
        f'<figure><a href="{shot.file}"><img{kind} loading="lazy" src="{shot.file}"></a>'
        f"<figcaption>{escape(told)}</figcaption></figure>"
    )


def write_overviews(out: Path, shots: Sequence[Shot], *, many: int = 18) -> list[Path]:
    """`overview-FACE-STATE-LOOK-N.jpg`, with `many` pages each."""
    groups: defaultdict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        groups[f"{shot.face}-{shot.state}-{shot.look}"].append(shot)
    found = []
    for name, members in groups.items():
        for number, first in enumerate(range(0, len(members), many), 1):
            path = out / f"overview-{name}-{number}.jpg"
            _overview(out, members[first : first + many]).save(path, quality=80)
            found.append(path)
    return found


def _overview(out: Path, shots: Sequence[Shot]) -> Image.Image:
    """Pages of one look side by side: those of a phone high, those of a desk wide."""
    with Image.open(out / shots[0].file) as picture:
        columns, (wide, high) = DESK if picture.width > PHONE_WIDTH else PHONE
    rows = -(-len(shots) // columns)
    canvas = Image.new("RGB", (columns * (wide + GAP), rows * (high + GAP)), "#777")
    for place, shot in enumerate(shots):
        with Image.open(out / shot.file) as picture:
            small = picture.resize((wide, picture.height * wide // picture.width))
        row, column = divmod(place, columns)
        cut = small.crop((0, 0, wide, min(small.height, high)))
        canvas.paste(cut, (column * (wide + GAP), row * (high + GAP)))
    return canvas
