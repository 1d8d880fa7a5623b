from __future__ import annotations

from dataclasses import dataclass

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class ExportQueued:
    """Staff asked for a file of a list. `unmasked`: with names, phones and addresses in full."""

    noun: Code
    format: Code
    columns: int
    unmasked: bool


@dataclass(frozen=True, slots=True)
class ExportFinished:
    """The file is there."""

    rows: int
    unmasked: bool


@dataclass(frozen=True, slots=True)
class ExportFailed:
    """There will be no file."""

    why: Code


@dataclass(frozen=True, slots=True)
class ExportCancelled:
    """Who asked for it wanted it no more."""


@dataclass(frozen=True, slots=True)
class ExportTaken:
    """The file was downloaded."""

    unmasked: bool


@dataclass(frozen=True, slots=True)
class FilterSaved:
    """Filters of a list got a name."""

    noun: Code
    shared: bool


@dataclass(frozen=True, slots=True)
class FilterRemoved:
    """A named filter is there no more."""

    noun: Code
    shared: bool


define("export_run.queued", ExportQueued)
define("export_run.finished", ExportFinished)
define("export_run.failed", ExportFailed)
define("export_run.cancelled", ExportCancelled)
define("export_run.taken", ExportTaken)
define("saved_filter.saved", FilterSaved)
define("saved_filter.removed", FilterRemoved)
