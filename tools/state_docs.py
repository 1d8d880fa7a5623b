"""Writes docs/states.md from the state tables: `python tools/state_docs.py` prints it, `--write` stores it.

What a step means is the comment behind its pair in the room's states.py.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "states.md"
HEAD = """# States

The life of each noun, as data. Four things read the same table: the operations, which move a row by
compare-and-set (`foundation.states.claim`); a trigger in the database, which refuses any other step and a
wrong first state; the tests, which compare both with the code that claims; and this page, which
`python tools/state_docs.py --write` makes.
"""
PAIR = re.compile(r'\("(\w+)", "(\w+)"\)')


def meanings(path: Path) -> dict[tuple[str, str], str]:
    """(from, to) → the comment on its line."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            pair = PAIR.search(lines[token.start[0] - 1])
            if pair:
                found[pair[1], pair[2]] = token.string.lstrip("# ")
    return found


def page() -> str:
    """The whole page. Django must be set up."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    from django.utils.module_loading import autodiscover_modules

    from tongdao.foundation.states import TABLES

    autodiscover_modules("states")
    rooms = {noun: sys.modules[name] for name in list(sys.modules) for noun in _nouns(name)}
    for noun, table in sorted(TABLES.items()):
        module = rooms[noun]
        told = meanings(Path(str(module.__file__)))
        yield f"## {noun.replace('_', ' ')}\n\n`{module.__name__}`\n\n```mermaid\nstateDiagram-v2"
        yield from (f"  [*] --> {state}" for state in table.starts)
        yield from (f"  {frm} --> {to}" for frm, to in sorted(table.transitions))
        yield from (f"  {state} --> [*]" for state in sorted(table.final))
        yield "```\n\n| from | to | when |\n|---|---|---|"
        for frm, to in sorted(table.transitions):
            yield f"| {frm} | {to} | {told.get((frm, to), '')} |"
        yield ""


def _nouns(name: str) -> list[str]:
    from tongdao.foundation.states import StateTable

    if not (name.startswith("tongdao.") and name.endswith(".states")) or name == "tongdao.foundation.states":
        return []
    return [value.noun for value in vars(sys.modules[name]).values() if isinstance(value, StateTable)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="store it as docs/states.md")
    write = arguments.parse_args().write
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("TONGDAO_DATA", place)  # the settings want a place for their secrets
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdao.config.settings")
        import django

        django.setup()
        text = page()
    if write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
