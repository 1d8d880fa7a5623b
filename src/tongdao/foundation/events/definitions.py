"""The one list of event names. A name is `noun.verb_past`, its payload a dataclass of ids and codes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from tongdao.foundation.events.payloads import BadPayload, Codec, Json, fields_of

P = TypeVar("P")
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class BadVocabulary(ValueError):
    """A name is malformed, taken or retired, or a payload class belongs to no event or to two."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind of event. `schema_version` rises when the payload changes its meaning."""

    name: str
    payload: type
    schema_version: int
    fields: Mapping[str, Codec]

    def encode(self, payload: object) -> dict[str, Json]:
        written = {}
        for name, codec in self.fields.items():
            try:
                written[name] = codec.encode(getattr(payload, name))
            except ValueError as error:
                error.add_note(f"in {self.name}: {name}")
                raise
        return written

    def decode(self, written: Mapping[str, Any]) -> Any:
        """The payload; a field that was added later and may be None is None in older events."""
        missing = [name for name, codec in self.fields.items() if name not in written and not codec.optional]
        if missing:
            raise BadPayload(f"{self.name} lacks {', '.join(missing)}")
        return self.payload(**{name: codec.decode(written.get(name)) for name, codec in self.fields.items()})

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema, draft 2020-12."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:tongdao:event:{self.name}:{self.schema_version}",
            "title": self.name,
            "description": inspect.getdoc(self.payload) or "",
            "type": "object",
            "properties": {name: dict(codec.schema) for name, codec in self.fields.items()},
            "required": [name for name, codec in self.fields.items() if not codec.optional],
            "additionalProperties": False,
        }


_by_name: dict[str, Definition] = {}
_by_payload: dict[type, Definition] = {}
_retired: dict[str, str] = {}


def define(name: str, payload: type[P], *, schema_version: int = 1) -> type[P]:
    """Enter an event's name with its payload class, and return the class.

    Raises BadVocabulary, BadPayloadType (a field of another type) or PersonalData (a field's name).
    """
    if not _NAME.fullmatch(name):
        raise BadVocabulary(f"{name!r} is not noun.verb_past")
    if name in _by_name or name in _retired:
        raise BadVocabulary(f"{name!r} is {'retired' if name in _retired else 'defined already'}")
    if payload in _by_payload:
        raise BadVocabulary(f"{payload.__name__} is the payload of {_by_payload[payload].name} already")
    definition = Definition(name, payload, schema_version, fields_of(payload))
    _by_name[name] = _by_payload[payload] = definition
    return payload


def retire(name: str, reason: str) -> None:
    """Keep a name that old rows carry and that nothing may use again."""
    if name in _by_name:
        raise BadVocabulary(f"{name!r} is still defined")
    _retired[name] = reason


def vocabulary() -> Mapping[str, Definition]:
    """All live definitions, by name."""
    return MappingProxyType(dict(sorted(_by_name.items())))


def retired() -> Mapping[str, str]:
    """Retired names, each with the reason."""
    return MappingProxyType(_retired)


def definition_of(payload: type) -> Definition:
    """The definition whose payload is this class; raises BadVocabulary."""
    found = _by_payload.get(payload)
    if found is None:
        raise BadVocabulary(f"{payload.__name__} is not the payload of any event")
    return found
