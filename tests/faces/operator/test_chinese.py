"""All that the face says, and all that unfold says in it, is there in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import unfold
from django.utils import translation

import tongdao.faces.operator

pytestmark = pytest.mark.pure
OWN = Path(tongdao.faces.operator.__file__).parent
UNFOLD = Path(unfold.__file__).parent
CALLS = ("_", "gettext", "gettext_lazy", "ngettext")
IN_CONTEXT = ("pgettext", "pgettext_lazy")
SIMPLE = re.compile(r"""{%\s*trans(?:late)?\s+(["'])(.+?)\1(?:\s+context\s+(["'])(.+?)\3)?""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*(?:plural|endblocktranslate)", re.DOTALL)
# Pages of unfold's that this site does not have: forms, deleting, history, passwords, imports.
ELSEWHERE = re.compile(
    r"contrib/|admin/(auth|edit_inline|delete|object_history|app_|includes|submit|actions|login)|registration/"
    r"|unfold_crispy|widgets|forms\.py|edit_inline|delete_submit|templates/auth|form_errors|errornote"
)


def said_in(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if folder == UNFOLD and ELSEWHERE.search(name):
            continue
        if file.suffix == ".html":
            text = file.read_text(encoding="utf-8")
            yield from ((name, _meant(found[3], found[1])) for found in SIMPLE.findall(text))
            if folder == OWN:
                for found in BLOCK.findall(text):
                    yield name, re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", " ".join(found.split()))
        elif file.suffix == ".py":
            yield from ((name, text) for text in in_code(file))


def in_code(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IN_CONTEXT:
            context, text = (ast.literal_eval(each) for each in node.args)
            yield _meant(context, text)


def _meant(context: str, text: str) -> str:
    """As catalogues look it up."""
    return f"{context}\x04{text}" if context else text


@pytest.mark.parametrize("folder", [OWN, UNFOLD], ids=["own", "unfold"])
def test_every_text_has_its_chinese(folder: Path) -> None:
    said = list(said_in(folder))
    assert len(said) > 60
    with translation.override("zh-hans"):
        missing = {(name, text) for name, text in said if not _chinese(text)}
    assert not missing


def _chinese(text: str) -> bool:
    told = translation.gettext(text)
    plural = translation.ngettext(text, text + "s", 2)
    holes = re.compile(r"%\(\w+\)")
    if sorted(holes.findall(text)) != sorted(holes.findall(told if told != text else plural)):
        return False
    return any("\u4e00" <= letter <= "\u9fff" for letter in told + plural)
