"""A failure of another shop: what happens there, done by us and done as it was done there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg

from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Work, in_turns
from tests.interleaving.till import Stage, Till, broken
from tongdao.foundation.prepared import execute_prepared

Deed = Callable[["Scene"], None]
Look = Callable[[Till], Iterator[str]]


@dataclass
class Scene:
    """A till where it happens, and who sees to it that works meet."""

    till: Till
    observer: Observer

    def together(self, works: list[Work], schedule: list[int]) -> list[Exception]:
        """The errors that they ended with."""
        outcomes = in_turns(works, schedule, self.observer).outcomes
        return [one.error for one in outcomes if one.error]

    def write(self, statement: str, *values: object) -> None:
        """As whoever trusts a statement of their own, in the shop's scope."""
        self.till.scoped(lambda: execute_prepared(statement, list(values)))()


def nothing_else(till: Till) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True)
class Failure:
    """`told`: the entry, and where it was told. `fault` is what is found after `theirs` once `without` is
    done to the database; before that `guard` refuses it, where the database has one: words of the refusal.
    """

    told: str
    ours: Deed
    theirs: Deed
    fault: str
    guard: str = ""
    without: tuple[str, ...] = ()
    stage: Stage = "due"
    look: Look = field(default=nothing_else)

    def faults(self, till: Till) -> list[str]:
        def found() -> list[str]:
            return list(self.look(till))

        return [*till.scoped(found)(), *broken(till)]  # type: ignore[misc]  # a work's value is any object


def refused(deed: Deed, scene: Scene) -> str:
    """In which words the database refuses it; nothing where it does not."""
    try:
        deed(scene)
    except psycopg.Error as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 Django wraps the database's words
        return str(error)
    return ""
