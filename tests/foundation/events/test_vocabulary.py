"""What an event may be called and may carry."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

import jsonschema_rs
import pytest
from django.core.management import call_command

from tongdao.foundation.events import Code, PersonalData, code, define, retire, vocabulary
from tongdao.foundation.events.codes import NotACode
from tongdao.foundation.events.definitions import BadVocabulary, definition_of
from tongdao.foundation.events.payloads import BadPayload, BadPayloadType
from tongdao.foundation.events.schemas import json_schemas
from tongdao.foundation.ids import uuid7

pytestmark = pytest.mark.usefixtures("words")


@dataclass(frozen=True, slots=True)
class ThingTried:
    """Every type that a payload may hold."""

    thing_id: UUID
    address_id: UUID | None
    count: int
    whole: bool
    day: date
    moment: datetime
    channel: Code
    mode: Literal["fast", "slow", 3]
    part_ids: tuple[UUID, ...]
    marks: tuple[Code, ...] = ()
    until: date | None = None


def tried(**changes: Any) -> ThingTried:
    values: dict[str, Any] = {
        "thing_id": uuid7(),
        "address_id": None,
        "count": -3,
        "whole": True,
        "day": date(2026, 2, 28),
        "moment": datetime(2026, 2, 28, 12, tzinfo=UTC),
        "channel": code("wechat.jsapi"),
        "mode": "fast",
        "part_ids": (uuid7(), uuid7()),
        "marks": (code("a"), code("b")),
    }
    return ThingTried(**{**values, **changes})


def payload_class(hint: Any, name: str = "value", **options: bool) -> type:
    return make_dataclass("ThingMade", [(name, hint)], **{"frozen": True, "slots": True, **options})


@pytest.mark.parametrize(
    "hint", [str, float, bytes, dict, list[int], tuple[str, ...], str | None, Any, object]
)
def test_free_text_and_open_types_are_refused(hint: Any) -> None:
    with pytest.raises(BadPayloadType):
        define("thing.made", payload_class(hint))


@pytest.mark.parametrize(
    "name", ["name", "buyer_name", "phone", "mobile_hash", "address", "email_code", "title", "openid", "ip"]
)
def test_a_field_called_like_personal_data_is_refused(name: str) -> None:
    with pytest.raises(PersonalData):
        define("thing.made", payload_class(Code, name))
    with pytest.raises(PersonalData):
        define("thing.made", payload_class(int, f"{name}_id"))  # only ids may be called so
    define("thing.made", payload_class(UUID, f"{name}_id"))


@pytest.mark.parametrize("options", [{"frozen": False}, {"slots": False}])
def test_a_payload_is_a_frozen_dataclass_with_slots(options: dict[str, bool]) -> None:
    with pytest.raises(BadPayloadType):
        define("thing.made", payload_class(int, **options))


def test_names_are_unique_well_formed_and_never_used_again(words: SimpleNamespace) -> None:
    for name in ("thing.moved", "Thing.made", "thing", "thing made.now", "thing.made.twice"):
        with pytest.raises(BadVocabulary):
            define(name, payload_class(int))
    with pytest.raises(BadVocabulary):
        define("thing.shoved", words.Moved)
    with pytest.raises(BadVocabulary):
        retire("thing.moved", "still in use")
    retire("thing.pushed", "moved says the same")
    with pytest.raises(BadVocabulary, match="retired"):
        define("thing.pushed", payload_class(int))
    assert "thing.pushed" not in vocabulary()


def test_a_payload_comes_back_as_it_went(words: SimpleNamespace) -> None:
    define("thing.tried", ThingTried)
    definition = definition_of(ThingTried)
    for payload in (tried(), tried(address_id=uuid7(), until=date(2026, 1, 1), marks=())):
        assert definition.decode(json.loads(json.dumps(definition.encode(payload)))) == payload
    written = definition.encode(tried())
    del written["until"]  # an event from before the field was added
    assert definition.decode(written).until is None
    del written["count"]
    with pytest.raises(BadPayload, match="lacks count"):
        definition.decode(written)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("thing_id", "not an id", BadPayload),
        ("count", True, BadPayload),
        ("count", 2**63, BadPayload),
        ("day", datetime(2026, 1, 1, tzinfo=UTC), BadPayload),
        ("moment", datetime(2026, 1, 1), BadPayload),  # noqa: DTZ001 the naive one is what is refused
        ("channel", "张三", NotACode),
        ("channel", "Zhang San", NotACode),
        ("channel", "wechat\n", NotACode),
        ("channel", "x" * 65, NotACode),
        ("channel", "13800138000", PersonalData),
        ("channel", "11010519491231002x", PersonalData),
        ("mode", "other", BadPayload),
        ("part_ids", ("x",), BadPayload),
        ("marks", [code("a")], BadPayload),
    ],
)
def test_a_value_of_another_kind_is_refused(field: str, value: Any, error: type[Exception]) -> None:
    define("thing.tried", ThingTried)
    with pytest.raises(error) as caught:
        definition_of(ThingTried).encode(tried(**{field: value}))
    assert field in "".join(caught.value.__notes__)


def test_schemas_are_valid_and_agree_with_the_writer() -> None:
    define("thing.tried", ThingTried)
    for schema in json_schemas().values():
        jsonschema_rs.meta.validate(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    check = jsonschema_rs.validator_for(json_schemas()["thing.tried"], validate_formats=True)
    written = definition_of(ThingTried).encode(tried())
    check.validate(written)
    for change in (
        {"count": "1"},
        {"thing_id": "x"},
        {"mode": "other"},
        {"channel": "Zhang San"},
        {"more": 1},
    ):
        assert not check.is_valid({**written, **change})


def test_the_command_exports_them(tmp_path: Path) -> None:
    out = StringIO()
    call_command("event_schemas", stdout=out)
    assert json.loads(out.getvalue()) == json_schemas()
    call_command("event_schemas", to=tmp_path, stdout=out)
    assert json.loads((tmp_path / "thing.moved.json").read_text()) == json_schemas()["thing.moved"]
    assert len(list(tmp_path.iterdir())) == len(json_schemas())
