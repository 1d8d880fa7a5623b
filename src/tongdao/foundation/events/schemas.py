"""The vocabulary for programs: one JSON Schema for each event's payload."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tongdao.foundation.events.definitions import vocabulary


def json_schemas() -> dict[str, dict[str, Any]]:
    """Event name → JSON Schema (draft 2020-12) of its payload."""
    return {name: definition.json_schema() for name, definition in vocabulary().items()}


def schemas_text() -> str:
    """All schemas as one JSON object."""
    return json.dumps(json_schemas(), indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> int:
    """One file `<event name>.json` each; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    found = json_schemas()
    for name, schema in found.items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return len(found)
