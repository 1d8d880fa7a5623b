"""Changes of settings as the log tells them: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.faces.console.company_words import CHANGES
from tongdao.faces.console.reading.paging import SIZE, Place, slice_of
from tongdao.faces.console.reading.people import shown_names
from tongdao.foundation.events import Event
from tongdao.party.merchants.models import KeptText


@dataclass(frozen=True, slots=True)
class Change:
    """`fields`: what, before, after. A text that was erased is empty."""

    event_id: UUID
    name: str
    at: datetime
    who: str
    actor_kind: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    rows: Sequence[Change]
    newer: bool
    older: bool


def change_page(*, name: str = "", place: Place, size: int = SIZE) -> ChangePage:
    """`name` is one of CHANGES, or empty for all of them; the newest first."""
    events = Event.objects.filter(name__in=[name] if name else list(CHANGES))
    found = slice_of(events, place, time="at", size=size)
    texts = _texts(found.rows)
    names = shown_names(event.actor for event in found.rows)
    rows = [_change(event, texts, names) for event in found.rows]
    return ChangePage(rows, found.newer, found.older)


def _sides(event: Event) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return event.old or {}, event.new or {}


def _texts(events: Sequence[Event]) -> dict[str, str]:
    """The kept texts that these events name, by id."""
    ids = {
        value
        for event in events
        for side in _sides(event)
        for key, value in side.items()
        if key.endswith("_id") and isinstance(value, str)
    }
    return {str(id): text for id, text in KeptText.objects.filter(pk__in=ids).values_list("id", "text")}


def _change(event: Event, texts: Mapping[str, str], names: Mapping[UUID, str]) -> Change:
    old, new = _sides(event)
    keys = dict.fromkeys([*old, *new])
    return Change(
        event_id=event.id,
        name=event.name,
        at=event.at,
        who=names.get(event.actor, "") if event.actor else "",
        actor_kind=event.actor_kind,
        fields=tuple(
            (key.removesuffix("_id"), _said(key, old, texts), _said(key, new, texts)) for key in keys
        ),
    )


def _said(key: str, side: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    value = side.get(key)
    if key.endswith("_id"):
        return texts.get(str(value), "")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)
