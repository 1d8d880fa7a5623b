"""What the house holds of a person, table by table: each room says it of its own, in its module `personal`.

From this register the take-out, the erasure and its preview are made (compliance.retention). A test walks all
tables: one that may hold something of a person and is not registered here fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db import models
from django.utils.module_loading import autodiscover_modules

from tongdao.foundation.tenancy import TenantModel

Fate = Literal["erased", "blanked", "kept"]
"""What becomes of a row when its person is erased: it goes, some columns are written over, or it stays."""
Rows = Callable[[UUID], "models.QuerySet[Any]"]
Erase = Callable[[UUID], int]
ERASE = "person.erase"
"""The hook (foundation.hooks) by which a room says that a person cannot be erased yet."""
BLANK = "—"
"""What stands where something sealed was that may not be empty."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. Tables of merchants are read and written inside a merchant's scope.

    `person` is the look-up from a row to its person's id; `rows` finds them where there is none. `shows` are
    the look-ups that the take-out shows, `file` one of a path below MEDIA_ROOT (an AttachmentRow's: below
    PRIVATE_ROOT). `laws` are names of rulebook.retention under which a row stays, counted from the column
    `since`; without one it stays as long as the shop itself, and names nobody. `blank` is what columns
    become, or makes it. `erase` is a room's own way, before that or, where all goes, instead; it returns for
    how many rows. `wished` goes further, where the person asked for it by the table's name.
    """

    model: type[models.Model]
    fate: Fate
    person: str = "person_id"
    rows: Rows | None = None
    shows: tuple[str, ...] = ()
    file: str = ""
    laws: tuple[str, ...] = ()
    since: str = ""
    blank: Mapping[str, Any] = field(default_factory=dict)
    erase: Erase | None = None
    wished: Erase | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def of_merchants(self) -> bool:
        return issubclass(self.model, TenantModel)

    def of(self, person_id: UUID) -> models.QuerySet[Any]:
        """The person's rows, of the open scope's merchant where the table is a merchant's."""
        if self.rows is not None:
            return self.rows(person_id)
        return self.model._default_manager.filter(**{self.person: person_id})

    def forget(self, person_id: UUID) -> int:
        """Do what `fate` says; returns how many rows it touched. Again is no error."""
        done = self.erase(person_id) if self.erase else 0
        if self.fate == "erased" and self.erase is None:
            return self.of(person_id).delete()[0]
        if self.blank:
            fresh = {name: value() if callable(value) else value for name, value in self.blank.items()}
            return self.of(person_id).update(**fresh)
        return done


HOLDINGS: dict[str, Holding] = {}
IMPERSONAL: dict[str, str] = {}
"""Tables that look as if they held something of a person, each with the reason why they do not."""


def holds(
    model: type[models.Model],
    fate: Fate,
    **more: Any,
) -> None:
    """Register one table; fields of Holding."""
    holding = Holding(model, fate, **more)
    if HOLDINGS.setdefault(holding.table, holding) is not holding or holding.table in IMPERSONAL:
        raise ValueError(f"{holding.table} is registered twice")


def impersonal(model: type[models.Model], reason: str) -> None:
    """The table holds nothing of a person, though its columns look like it."""
    table = model._meta.db_table
    if table in HOLDINGS or IMPERSONAL.setdefault(table, reason) is not reason:
        raise ValueError(f"{table} is registered twice")


def discover() -> None:
    """Let all rooms register, this one first."""
    from tongdao.foundation.models import Event, OperatorDeed

    if OperatorDeed._meta.db_table not in HOLDINGS:
        holds(OperatorDeed, "kept", shows=("act", "at"), laws=("retention.logs",), since="at")
        impersonal(Event, "ids and codes only, by its own lint; they point at rows that can be written over")
        autodiscover_modules("personal")
