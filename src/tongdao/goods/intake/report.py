"""What an import did, or would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tongdao.goods.intake.problems import SHOWN_MAX, Problem


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what became of them. A product is updated when it or one of its SKUs or images is."""

    products_created: int = 0
    products_updated: int = 0
    products_unchanged: int = 0
    skus_created: int = 0
    skus_updated: int = 0
    skus_unchanged: int = 0
    images_added: int = 0
    images_changed: int = 0
    prices_changed: int = 0
    stock_changed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)),
        )

    @property
    def products(self) -> int:
        return self.products_created + self.products_updated + self.products_unchanged

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`problems` are the first ones, chunk by chunk; `problem_total` counts all."""

    counts: Counts = field(default_factory=Counts)
    problems: tuple[Problem, ...] = ()
    problem_total: int = 0
    dry_run: bool = False

    def add(
        self, counts: Counts, problems: Iterable[Problem] = (), *, unseen_problems: int = 0
    ) -> ImportReport:
        """With what one more piece of the file gave; `unseen_problems` are only counted."""
        found = tuple(problems)
        kept = (*self.problems, *found[: SHOWN_MAX - len(self.problems)])
        total = self.problem_total + len(found) + unseen_problems
        return ImportReport(self.counts + counts, kept, total, self.dry_run)

    @property
    def in_order(self) -> list[Problem]:
        """The problems by line."""
        return sorted(self.problems, key=lambda problem: problem.line)

    def as_json(self) -> dict[str, Any]:
        """For programs: counts by name, problems with their message."""
        problems = [{**each.as_json(), "message": each.message} for each in self.in_order]
        return {
            "dry_run": self.dry_run,
            "counts": self.counts.as_json(),
            "problem_total": self.problem_total,
            "problems": problems,
        }
