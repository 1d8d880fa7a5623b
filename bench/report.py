"""What every benchmark ends with: a table on the terminal, and bench/results/NAME.json.

The file is a list of {name, ours, reference, ratio, unit}. A run replaces the rows of its own names and keeps
the others, so that a benchmark may be run in parts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
HEAD = ("name", "ours", "reference", "ratio", "unit")


@dataclass(frozen=True)
class Result:
    """One comparison. `unit` says what the two figures are, and which way is better."""

    name: str
    ours: float
    reference: float
    ratio: float
    unit: str


def result(name: str, ours: float, reference: float, unit: str) -> Result:
    """Ratio = ours / reference. Raises ValueError unless both are above zero: nothing was measured."""
    if ours <= 0 or reference <= 0:
        raise ValueError(f"{name}: ours {ours}, reference {reference}")
    return Result(name, round(ours, 3), round(reference, 3), round(ours / reference, 3), unit)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; the first row is the head, and what looks like a number stands to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(_pad(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _pad(text: str, width: int) -> str:
    number = text.replace(",", "").replace(".", "").strip("-×% ").isdigit()
    return text.rjust(width) if number else text.ljust(width)


def shown(figure: float) -> str:
    """Four significant digits or so, with thousands apart."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def publish(name: str, results: Sequence[Result], *, directory: Path = RESULTS) -> Path:
    """Print the table and write `directory`/NAME.json; returns the file."""
    rows = [HEAD, *((r.name, shown(r.ours), shown(r.reference), f"{r.ratio:.2f}", r.unit) for r in results)]
    sys.stdout.write(f"\n{table(rows)}\n")
    path = directory / f"{name}.json"
    new = {r.name: asdict(r) for r in results}
    kept = [row for row in _read(path) if row["name"] not in new]
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([*kept, *new.values()], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"written to {path}\n")
    return path


def _read(path: Path) -> list[dict[str, object]]:
    if not path.exists():
        return []
    found: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return found
