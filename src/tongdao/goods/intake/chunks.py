"""A file cut into pieces of one short transaction each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tongdao.goods.catalog.importing import ParsedProduct, RowProblem
from tongdao.goods.intake.problems import SHOWN_MAX, Problem, read_problem

PRODUCTS_MAX = 50
ROWS_MAX = 1000  # variants and pictures; one product alone may have more
PROBLEMS_MAX = 5000  # then the progress is told, although nothing could be read


@dataclass(slots=True)
class Chunk:
    """Products, and what was wrong between them: the first problems, and how many in all."""

    products: list[ParsedProduct] = field(default_factory=list)
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_total: int = 0

    def take(self, found: ParsedProduct | RowProblem) -> None:
        if isinstance(found, ParsedProduct):
            self.products.append(found)
            self.rows += len(found.variants) + len(found.images)
            return
        self.problem_total += 1
        if len(self.problems) < SHOWN_MAX:
            self.problems.append(read_problem(found))

    @property
    def full(self) -> bool:
        return (
            len(self.products) >= PRODUCTS_MAX or self.rows >= ROWS_MAX or self.problem_total >= PROBLEMS_MAX
        )


def chunks(found: Iterable[ParsedProduct | RowProblem]) -> Iterator[Chunk]:
    """The same file always gives the same chunks, so a run can go on where it was killed."""
    chunk = Chunk()
    for each in found:
        chunk.take(each)
        if chunk.full:
            yield chunk
            chunk = Chunk()
    if chunk.products or chunk.problem_total:
        yield chunk
