"""Where in an MP4 file the samples of a track lie: chunks, samples a chunk, sizes (ISO/IEC 14496-12, 8.7)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Protocol

from tongdao.foundation.attachments.editing import BadVideo, Bytes

ROWS = 200_000  # of one table; the tracks that are looked at have some samples a second


class Table(Protocol):
    """A box, as mp4.Box."""

    @property
    def body(self) -> int: ...
    @property
    def end(self) -> int: ...


class Place(Table, Protocol):
    """A box with boxes in it."""

    def all(self, kind: bytes, /) -> Sequence[Place]: ...
    def one(self, kind: bytes, /) -> Place: ...


def sample_ranges(data: Bytes, track: Place, stored: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """(start, end) of each chunk of the track. `stored`: where samples may lie, in order.

    Raises BadVideo for tables that do not agree, and for what points elsewhere.
    """
    tables = track.one(b"mdia").one(b"minf").one(b"stbl")
    chunks = _chunks(data, tables)
    sizes = _sizes(data, tables)
    starts = [start for start, _ in stored]
    sample = 0
    for chunk, many in zip(chunks, _samples_a_chunk(data, tables, len(chunks)), strict=True):
        length = sizes.of(sample, many)
        sample += many
        index = bisect_right(starts, chunk) - 1
        if length and (index < 0 or chunk + length > stored[index][1]):
            raise BadVideo("damaged", f"samples at {chunk} that are not there")
        yield chunk, chunk + length


class _Sizes:
    """Of all samples: one for all, or running sums."""

    def __init__(self, same: int, each: Sequence[int]) -> None:
        self.same = same
        self.sums = [0]
        for size in each:
            self.sums.append(self.sums[-1] + size)

    def of(self, first: int, many: int) -> int:
        if self.same:
            return self.same * many
        if first + many >= len(self.sums):
            raise BadVideo("damaged", "more samples than sizes")
        return self.sums[first + many] - self.sums[first]


def _sizes(data: Bytes, tables: Place) -> _Sizes:
    if tables.all(b"stz2"):
        raise BadVideo("kind", "packed sizes")
    box = tables.one(b"stsz")
    same, count = _rows(data, box, 4, ">II", 1)[0]
    return _Sizes(same, [] if same else [size for (size,) in _rows(data, box, 12, ">I", count)])


def _chunks(data: Bytes, tables: Place) -> list[int]:
    long = tables.all(b"co64")
    box = tables.one(b"co64" if long else b"stco")
    [(count,)] = _rows(data, box, 4, ">I", 1)
    return [at for (at,) in _rows(data, box, 8, ">Q" if long else ">I", count)]


def _samples_a_chunk(data: Bytes, tables: Place, chunks: int) -> list[int]:
    """For each chunk; a row of the table says from which chunk on it holds, counted from 1."""
    box = tables.one(b"stsc")
    [(count,)] = _rows(data, box, 4, ">I", 1)
    runs = _rows(data, box, 8, ">III", count)
    many: list[int] = []
    for index, (first, samples, _) in enumerate(runs):
        until = runs[index + 1][0] if index + 1 < len(runs) else chunks + 1
        if first != len(many) + 1 or not first <= until <= chunks + 1:
            raise BadVideo("damaged", "a wrong table of chunks")
        many += [samples] * (until - first)
    if len(many) != chunks:
        raise BadVideo("damaged", "chunks without samples")
    return many


def _rows(data: Bytes, box: Table, offset: int, row: str, count: int) -> list[tuple[int, ...]]:
    """`count` rows of numbers, `offset` bytes into the box."""
    start = box.body + offset
    end = start + struct.calcsize(row) * count
    if count > ROWS or end > box.end:
        raise BadVideo("damaged", f"a table of {count} rows")
    return list(struct.iter_unpack(row, data[start:end]))
