from __future__ import annotations

from dataclasses import dataclass

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class ImportQueued:
    """Staff handed in a product file; `dry_run`: only to see what would happen."""

    dry_run: bool


@dataclass(frozen=True, slots=True)
class ImportFinished:
    """The whole file was read. `problem_total` rows or parts of them were left out."""

    dry_run: bool
    products_created: int
    products_updated: int
    problem_total: int


@dataclass(frozen=True, slots=True)
class ImportFailed:
    """The file could not be imported at all, or the import broke off."""

    why: Code


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """What an import changed is back as it was; `kept` rows had been changed since, or could not go back."""

    undone: int
    kept: int


define("import_run.queued", ImportQueued)
define("import_run.finished", ImportFinished)
define("import_run.failed", ImportFailed)
define("import_run.undone", ImportUndone)
