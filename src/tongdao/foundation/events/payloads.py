"""From a payload's type hints: how to write it as JSON, read it back, and its JSON Schema."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from tongdao.foundation.events.codes import CODE_PATTERN, Code, check_field_name, code

Json = str | int | bool | list[Any] | dict[str, Any] | None


class BadPayloadType(TypeError):
    """A payload class has a field that an event cannot carry, or is not a frozen dataclass with slots."""


class BadPayload(ValueError):
    """A payload's value is not of its declared type."""


@dataclasses.dataclass(frozen=True, slots=True)
class Codec:
    """`encode` raises BadPayload, NotACode or PersonalData; `ids`: the values are ids of rows."""

    encode: Callable[[Any], Json]
    decode: Callable[[Any], Any]
    schema: Mapping[str, Any]
    ids: bool = False
    optional: bool = False


def _exactly(kind: type, write: Callable[[Any], Json]) -> Callable[[Any], Json]:
    def encode(value: Any) -> Json:
        if type(value) is not kind:
            raise BadPayload(f"expected {kind.__name__}, got {type(value).__name__}")
        return write(value)

    return encode


def _write_id(value: Any) -> Json:
    if not isinstance(value, UUID):
        raise BadPayload(f"expected UUID, got {type(value).__name__}")
    return str(value)


def _write_int(value: int) -> Json:
    if not -(2**63) <= value < 2**63:
        raise BadPayload("a whole number of more than 64 bits")
    return value


def _write_moment(value: datetime) -> Json:
    if value.tzinfo is None:
        raise BadPayload("a moment without a time zone")
    return value.isoformat()


SCALARS: dict[Any, Codec] = {
    UUID: Codec(_write_id, UUID, {"type": "string", "format": "uuid"}, ids=True),
    int: Codec(_exactly(int, _write_int), int, {"type": "integer"}),
    bool: Codec(_exactly(bool, bool), bool, {"type": "boolean"}),
    date: Codec(_exactly(date, date.isoformat), date.fromisoformat, {"type": "string", "format": "date"}),
    datetime: Codec(
        _exactly(datetime, _write_moment),
        datetime.fromisoformat,
        {"type": "string", "format": "date-time"},
    ),
    Code: Codec(_exactly(str, code), code, {"type": "string", "pattern": CODE_PATTERN}),
}


def codec_for(hint: Any) -> Codec:
    """The codec of one type hint; raises BadPayloadType for anything that could hold free text."""
    if hint in SCALARS:
        return SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(arguments)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and types.NoneType in arguments:
        return _optional(codec_for(next(each for each in arguments if each is not types.NoneType)))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _sequence(codec_for(arguments[0]))
    raise BadPayloadType(
        f"{hint!r}: a payload holds UUID, int, bool, date, datetime, Code, Literal or tuples"
    )


def _literal(words: tuple[Any, ...]) -> Codec:
    for word in words:
        if isinstance(word, str):
            code(word)
        elif type(word) is not int:
            raise BadPayloadType(f"{word!r}: a Literal holds codes or whole numbers")

    def encode(value: Any) -> Json:
        if value not in words or type(value) not in (str, int):
            raise BadPayload(f"expected one of {words}")
        written: str | int = value
        return written

    return Codec(encode, lambda value: value, {"enum": list(words)})


def _optional(inner: Codec) -> Codec:
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
        {"anyOf": [inner.schema, {"type": "null"}]},
        ids=inner.ids,
        optional=True,
    )


def _sequence(inner: Codec) -> Codec:
    def encode(value: Any) -> Json:
        if not isinstance(value, tuple):
            raise BadPayload(f"expected tuple, got {type(value).__name__}")
        return [inner.encode(each) for each in value]

    return Codec(
        encode,
        lambda value: tuple(inner.decode(each) for each in value),
        {"type": "array", "items": inner.schema},
        ids=inner.ids,
    )


def fields_of(payload: type) -> dict[str, Codec]:
    """Field name → codec; raises BadPayloadType or PersonalData when the class may not be an event's."""
    frozen = dataclasses.is_dataclass(payload) and payload.__dataclass_params__.frozen  # type: ignore[attr-defined]  # typeshed does not declare it
    if not frozen or "__slots__" not in payload.__dict__:
        raise BadPayloadType(f"{payload.__name__} is not a frozen dataclass with slots")
    hints = get_type_hints(payload)
    found = {field.name: codec_for(hints[field.name]) for field in dataclasses.fields(payload)}
    for name, codec in found.items():
        check_field_name(name, is_id=codec.ids)
    return found


def encode_values(values: Mapping[str, Any] | None) -> dict[str, Json] | None:
    """What changed (`old`, `new`) or an intent's ids: the same kinds of value, under names as harmless."""
    if values is None:
        return None
    return {name: _encode_value(name, value) for name, value in values.items()}


def _encode_value(name: str, value: Any) -> Json:
    check_field_name(name, is_id=isinstance(value, UUID))
    if value is None:
        return None
    if isinstance(value, tuple):
        return [_encode_value(name, each) for each in value]
    kind = UUID if isinstance(value, UUID) else type(value)
    codec = SCALARS[Code] if kind is str else SCALARS.get(kind)
    if codec is None:
        raise BadPayload(f"{name}: an event cannot carry a {kind.__name__}")
    return codec.encode(value)
