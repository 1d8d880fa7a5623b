"""What a check says: one line, and what to do when it is not good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True)
class Finding:
    """`todo` is empty when all is well."""

    level: Level
    what: str
    said: str
    todo: str = ""

    def line(self) -> str:
        todo = f"\n      → {self.todo}" if self.todo else ""
        return f"{self.level:<4}  {self.what}: {self.said}{todo}"


def ok(what: str, said: str) -> Finding:
    return Finding("ok", what, said)


def warn(what: str, said: str, todo: str) -> Finding:
    return Finding("warn", what, said, todo)


def fail(what: str, said: str, todo: str) -> Finding:
    return Finding("FAIL", what, said, todo)
