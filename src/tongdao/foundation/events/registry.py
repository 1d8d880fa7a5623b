"""The readers of the log. A projection writes only its own tables; a reactor only records intents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from django.db import models

from tongdao.foundation.events.definitions import definition_of, vocabulary
from tongdao.foundation.events.models import Event

Handler = Callable[[list[Event]], None]
Wanted = Sequence[str | type] | None


class BadReader(ValueError):
    """A reader's name is taken or unknown, or its declaration breaks a rule of readers."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`events`: payload classes or names, None for every event. `tables`: children before parents."""

    name: str
    kind: Literal["projection", "reactor"]
    function: Handler = field(repr=False)
    events: tuple[str | type, ...] | None = None
    tables: tuple[type[models.Model], ...] = ()

    @property
    def names(self) -> list[str] | None:
        if self.events is None:
            return None
        return [each if isinstance(each, str) else definition_of(each).name for each in self.events]


_readers: dict[str, Reader] = {}


def _enter(reader: Reader) -> None:
    if reader.name in _readers:
        raise BadReader(f"two readers are called {reader.name}")
    _readers[reader.name] = reader


def projection(
    name: str, *, events: Wanted = None, tables: Sequence[type[models.Model]]
) -> Callable[[Handler], Handler]:
    """Register a function that keeps `tables` from events; replaying it from zero gives the same rows."""

    def keep(function: Handler) -> Handler:
        wanted = None if events is None else tuple(events)
        _enter(Reader(name, "projection", function, wanted, tuple(tables)))
        return function

    return keep


def reactor(name: str, *, events: Wanted = None) -> Callable[[Handler], Handler]:
    """Register a function that calls `add_intent` for what shall happen outside, and writes nothing else."""

    def keep(function: Handler) -> Handler:
        _enter(Reader(name, "reactor", function, None if events is None else tuple(events)))
        return function

    return keep


def readers() -> Mapping[str, Reader]:
    """All readers by name."""
    return MappingProxyType(_readers)


def reader_named(name: str) -> Reader:
    """Raises BadReader when there is none of this name."""
    found = _readers.get(name)
    if found is None:
        raise BadReader(f"no reader is called {name}")
    return found


def reader_faults() -> list[str]:
    """What is wrong with the registered readers, one line each; a test wants it empty."""
    known = vocabulary()
    faults = [
        f"{reader.name} reads {name}, which is not in the vocabulary"
        for reader in _readers.values()
        for name in reader.names or ()
        if name not in known
    ]
    owner: dict[str, str] = {}
    for reader in _readers.values():
        if reader.kind == "projection" and not reader.tables:
            faults.append(f"{reader.name} is a projection without tables: it cannot be replayed")
        for table in reader.tables:
            other = owner.setdefault(table._meta.db_table, reader.name)
            if other != reader.name:
                faults.append(f"{reader.name} and {other} both own {table._meta.db_table}")
    return faults
