from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.lists.company_words import CHANGES, FIELDS, GOODS, PERMISSION_WORDS
from tongdao.faces.lists.filters import Choice, Dates, Rows, coded
from tongdao.faces.lists.people import shown_names
from tongdao.faces.lists.shapes import Column, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import ROLES
from tongdao.foundation.events import Event
from tongdao.foundation.html import plain_text
from tongdao.party.merchants.models import KeptText, Role, StaffMember, StaffRole

CUT = 200  # characters of a long text
MOST_STAFF = 200
BUSY = (
    *("after_sale", "buying_group", "delivery_address", "member", "order", "parcel", "payment_attempt"),
    *("person", "purchase", "refund"),
)
"""What most events are about. The index `event_changed` leaves them out, in these very words."""

Field = tuple[str, str, str]


def all_changes() -> Rows:
    return Event.objects.filter(name__in=list(CHANGES)).exclude(subject_type__in=BUSY)


def fields_of(events: Sequence[Event]) -> Mapping[UUID, list[Field]]:
    """What, before, after: codes in words, amounts in yuan, long texts cut. An erased text is empty."""
    texts, roles = _texts(events), _own_roles(events)
    return {event.id: _fields(event, texts, roles) for event in events}


def actors_of(events: Sequence[Event]) -> Mapping[UUID, str]:
    names = shown_names(event.actor for event in events)
    return {event.id: names.get(event.actor, "") for event in events if event.actor}


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


def _own_roles(events: Sequence[Event]) -> dict[str, str]:
    if not any("role" in side for event in events for side in _sides(event)):
        return {}
    return {str(id): label for id, label in StaffRole.objects.values_list("id", "label")}


def _fields(event: Event, texts: Mapping[str, str], roles: Mapping[str, str]) -> list[Field]:
    old, new = _sides(event)
    found = []
    for key in dict.fromkeys([*old, *new]):
        name = key.removesuffix("_id")
        before, after = (_words(name, _said(key, side, texts), roles) for side in (old, new))
        found.append((str(FIELDS.get(name, name)), before, after))
    return found


def _said(key: str, side: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    value = side.get(key)
    if key.endswith("_id"):
        return texts.get(str(value), "")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _words(name: str, said: str, roles: Mapping[str, str]) -> str:
    if name == "permissions":
        words: dict[str, object] = {str(need): label for need, label in PERMISSION_WORDS.items()}
        return " · ".join(str(words.get(each, each)) for each in said.split(", ") if each)
    if name == "role":
        return str(ROLES[Role(said)][0]) if said in Role.values else roles.get(said, said)
    if name == "category":
        return str(GOODS.get("" if said == "none" else said, said))
    if name.endswith("_fen"):
        return f"¥{yuan(int(said))}" if said else ""
    if name in ("body_html", "page"):
        return plain_text(said, CUT)
    return said if len(said) <= CUT else said[:CUT] + "…"


def _who(event: Event, name: str | None) -> str:
    return name or str(_("The system") if event.actor_kind == "system" else _("Somebody"))


def _lines(event: Event, fields: Sequence[Field] | None) -> list[str]:
    return [_line(*field) for field in fields or ()]


def _line(name: str, before: str, after: str) -> str:
    return f"{name}: {before} → {after or '—'}" if before else f"{name}: {after or '—'}"


def _staff() -> list[tuple[str, str]]:
    ids = list(StaffMember.objects.order_by("-id").values_list("person_id", flat=True)[:MOST_STAFF])
    return [(str(id), name) for id, name in shown_names(ids).items()]


CHANGED = ListSpec(
    noun="changes",
    title=_("Changes"),
    need="events.read",
    model=Event,
    rows=all_changes,
    parts={"who": actors_of, "fields": fields_of},
    columns=(
        Column("at", _("When"), lambda e, _: e.at, "time"),
        Column("who", _("Who"), _who, part="who"),
        Column("what", _("What"), lambda e, _: str(CHANGES[e.name])),
        Column("fields", _("Before → after"), _lines, "lines", part="fields"),
    ),
    filters=(
        Choice("what", _("What"), lambda: options(CHANGES), coded("name")),
        Choice("who", _("Who"), _staff, coded("actor"), fixed=False),
        Dates("at", _("When"), "at"),
    ),
    sorts=(Sort("", _("Newest first"), "seq"), Sort("old", _("Oldest first"), "seq", up=True)),
    inside=True,
)
