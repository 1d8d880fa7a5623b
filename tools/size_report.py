"""Prints and enforces law 4 of the house: files and functions stay small. Exit status 1 when it is broken.

Counted is src/ without migrations; files of three lines or fewer (empty packages) are left out.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Limits(NamedTuple):
    """Most lines: the median, the 95th percentile and the largest."""

    median: int
    p95: int
    largest: int


class Size(NamedTuple):
    """Lines, and where they stand."""

    lines: int
    where: str


FILES, FUNCTIONS = Limits(80, 300, 500), Limits(10, 35, 60)


def main() -> int:
    files, functions = measure(ROOT / "src")
    broken = [*report("files", files, FILES), *report("functions", functions, FUNCTIONS)]
    print("\n".join(broken))
    return 1 if broken else 0


def measure(source: Path) -> tuple[list[Size], list[Size]]:
    """Sizes of all files and of all functions under `source`."""
    files: list[Size] = []
    functions: list[Size] = []
    for path in sorted(source.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if "migrations" in path.parts or lines <= 3:
            continue
        where = str(path.relative_to(source))
        files.append(Size(lines, where))
        functions.extend(_functions(text, where))
    return files, functions


def report(what: str, sizes: list[Size], limits: Limits) -> list[str]:
    """Print one line of figures; return one sentence for each limit that is passed."""
    lines = sorted(size.lines for size in sizes) or [0]
    found = Limits(
        int(statistics.median(lines)), lines[min(len(lines) - 1, int(len(lines) * 0.95))], lines[-1]
    )
    print(
        f"{what}: {len(sizes)}, median {found.median} (most {limits.median}), "
        f"p95 {found.p95} ({limits.p95}), largest {found.largest} ({limits.largest})"
    )
    broken = [f"{what}: the median is {found.median} lines"] if found.median > limits.median else []
    if found.p95 > limits.p95:
        longest = ", ".join(f"{size.where} ({size.lines})" for size in sorted(sizes, reverse=True)[:5])
        broken.append(f"{what}: the 95th percentile is {found.p95} lines; the longest: {longest}")
    broken.extend(
        f"{what}: {size.where} has {size.lines} lines" for size in sizes if size.lines > limits.largest
    )
    return broken


def _functions(text: str, where: str) -> Iterator[Size]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Size(lines, f"{where}:{node.lineno} {node.name}")


if __name__ == "__main__":
    sys.exit(main())
