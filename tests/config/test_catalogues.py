"""Rooms have catalogues of their own, and Django puts them into one: what two of them say, they say alike."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
SOURCE = Path(__file__).resolve().parents[2] / "src" / "tongdao"
CATALOGUES = sorted(SOURCE.rglob("locale/zh_Hans/LC_MESSAGES/django.po"))
TOLD = re.compile(r'^(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[0\])?) )?(".*")$', re.MULTILINE)


def entries(text: str) -> Iterator[dict[str, str]]:
    """Of a catalogue, without its head. Keys are those of the file; `msgstr[0]` is told as `msgstr`."""
    for block in text.split("\n\n")[1:]:
        entry: dict[str, str] = {}
        key = ""
        for word, quoted in TOLD.findall(block):
            key = word.removesuffix("[0]") or key
            entry[key] = entry.get(key, "") + ast.literal_eval(quoted)
        if entry:
            yield entry


def clashes(catalogues: dict[str, str]) -> dict[str, dict[str, str]]:
    """What is said in several ways where no context tells which is meant: room and text, by what is said."""
    said: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for room, text in catalogues.items():
        for entry in entries(text):
            said[entry.get("msgctxt", ""), entry["msgid"]][room] = entry["msgstr"]
    return {f"{words[0]} {words[1]}": told for words, told in said.items() if len(set(told.values())) > 1}


def test_no_room_overrides_what_another_says() -> None:
    """Give the words that mean another thing a context (pgettext, `{% translate … context … %}`)."""
    texts = {
        str(path.relative_to(SOURCE).parents[3]): path.read_text(encoding="utf-8") for path in CATALOGUES
    }
    assert len(texts) > 20 and sum(1 for text in texts.values() for _ in entries(text)) > 2_000
    assert clashes(texts) == {}


def test_a_clash_is_found_and_a_context_ends_it() -> None:
    head = 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n\n'
    fee, post = 'msgid "Delivery"\nmsgstr "运费"\n', 'msgid "Deli"\n"very"\nmsgstr "投递"\n'
    assert clashes({"shop": head + fee, "operator": head + post}) == {
        " Delivery": {"shop": "运费", "operator": "投递"}
    }
    assert clashes({"shop": head + fee, "operator": f'{head}msgctxt "notification"\n{post}'}) == {}
    assert clashes({"shop": head + fee, "kit": head + fee}) == {}
