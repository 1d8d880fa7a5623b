"""What was drawn in the market, and how each ended: for who asked for many histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.interleaving.harness import Course


class Tally:
    """What was drawn, and how each ended."""

    def __init__(self) -> None:
        self.histories = 0
        self.statements = 0
        self.ends: Counter[tuple[str, str]] = Counter()

    def note(self, kinds: Sequence[str], course: Course) -> None:
        self.histories += 1
        self.statements += len(course.steps)
        for kind, outcome in zip(kinds, course.outcomes, strict=True):
            self.ends[kind, "done" if outcome.ok else getattr(outcome.error, "code", "error")] += 1

    def table(self) -> list[str]:
        names = sorted({kind for kind, _ in self.ends})
        lines = [
            f"{self.histories} histories, {self.ends.total()} works, {self.statements} statements in turns"
        ]
        for name in names:
            ends = {end: count for (kind, end), count in self.ends.most_common() if kind == name}
            told = ", ".join(f"{count} {end}" for end, count in ends.items())
            lines.append(f"  {name:<24}{sum(ends.values()):>7}  {told}")
        return lines


TALLY = Tally()
