"""The readers and events that the rooms of this house have registered."""

from __future__ import annotations

import jsonschema_rs

from tongdao.foundation.events import reader_faults, readers, vocabulary
from tongdao.foundation.events.schemas import json_schemas


def test_every_reader_of_the_house_is_sound() -> None:
    assert reader_faults() == []
    for reader in readers().values():
        assert (reader.kind == "projection") == bool(reader.tables)


def test_every_event_of_the_house_has_a_schema_and_a_description() -> None:
    assert vocabulary()
    for name, schema in json_schemas().items():
        jsonschema_rs.meta.validate(schema)
        assert not schema["description"].startswith(f"{vocabulary()[name].payload.__name__}("), name
