"""What the readers of videos share: a file as bytes that can be written over, and what makes it no video."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from typing import Literal

Bytes = bytearray | mmap.mmap
Problem = Literal["kind", "damaged"]
STEP = 1024 * 1024  # zeros are written in pieces of so many bytes
BLANKS = 200_000  # in one file; a camera's own tracks have some thirty samples a second


class BadVideo(ValueError):
    """`problem`: none of the kinds that we take, or one whose structure does not hold."""

    def __init__(self, problem: Problem, why: str) -> None:
        super().__init__(why)
        self.problem: Problem = problem


@dataclass(slots=True)
class Edits:
    """What is to be written over, kept until everything has been read. Lengths never change."""

    blanks: list[tuple[int, int]] = field(default_factory=list)  # (start, end): zeros
    patches: list[tuple[int, bytes]] = field(default_factory=list)

    def blank(self, start: int, end: int) -> None:
        """Raises BadVideo for more than a video has, so that nobody's tables fill the memory."""
        if len(self.blanks) >= BLANKS:
            raise BadVideo("damaged", f"more than {BLANKS} places to write over")
        if start < end:
            self.blanks.append((start, end))

    def patch(self, at: int, content: bytes) -> None:
        self.patches.append((at, content))

    def apply(self, data: Bytes) -> None:
        """Blanks last and merged: what is patched inside of one goes, too, and no byte is blanked twice."""
        for at, content in self.patches:
            data[at : at + len(content)] = content
        for start, end in merged(self.blanks):
            for at in range(start, end, STEP):
                until = min(at + STEP, end)
                data[at:until] = bytes(until - at)


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, without overlaps."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
