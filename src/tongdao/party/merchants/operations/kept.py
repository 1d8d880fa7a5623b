"""Settings that are texts: the event of a change names what was there before and after by ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from tongdao.foundation.tenancy import TenantModel
from tongdao.party.merchants.models import KeptText

Pairs = dict[str, tuple[str, str]]


class Kept(NamedTuple):
    """`old` and `new` for the event: `<setting>_id` → the row that holds its text."""

    old: dict[str, UUID]
    new: dict[str, UUID]


def changed_texts(row: TenantModel, wanted: Mapping[str, str]) -> Pairs:
    """Sets the columns of `row` that differ; (before, after) of each. The caller saves."""
    found = {name: (str(getattr(row, name)), text) for name, text in wanted.items()}
    different = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    for name, (_before, after) in different.items():
        setattr(row, name, after)
    return different


def keep_texts(pairs: Mapping[str, tuple[str, str]]) -> Kept:
    """Write both texts of each pair."""
    rows = {name: (KeptText(text=before), KeptText(text=after)) for name, (before, after) in pairs.items()}
    KeptText.objects.bulk_create([row for both in rows.values() for row in both])
    return Kept(
        {f"{name}_id": before.id for name, (before, _after) in rows.items()},
        {f"{name}_id": after.id for name, (_before, after) in rows.items()},
    )
