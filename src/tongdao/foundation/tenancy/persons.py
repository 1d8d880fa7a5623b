"""Whose row it is, where one human being has rows under several ids (two accounts that became one)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    UuidLookup = models.Lookup[Any]
else:
    UuidLookup = models.Lookup  # generic for type checkers only


class SameAs(UuidLookup):
    """`person_id__same_as=one`: the row is this person's, or of somebody who was merged into it.

    `tongdao_persons` is stable: it is asked once a statement, and the index on the column is used.
    """

    lookup_name = "same_as"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        id, asked = self.process_rhs(compiler, connection)
        return f"{column} = any(tongdao_persons({id}))", (*values, *asked)


models.UUIDField.register_lookup(SameAs)
