"""Inputs of the filters above a list as HTML: through template includes they cost more than the rows do.

The markup is that of kit/field_plain.html; tests/faces/console/test_listing.py compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.safestring import SafeString

from tongdao.faces.console.cells import escape
from tongdao.faces.kit.shapes import Choice
from tongdao.faces.lists.filters import Field


def input_html(field: Field, value: str, error: str = "") -> SafeString:
    """A labelled input with what was typed, and why it cannot be read."""
    name, money = escape(field.param), field.type == "money"
    attrs = ' inputmode="decimal"' if money else ""
    note = ""
    if error:
        attrs += f' aria-invalid="true" aria-describedby="f-{name}_error"'
        note = f'<p class="error" id="f-{name}_error">{escape(error)}</p>'
    if field.type == "select":
        control = (
            f'<select name="{name}" id="f-{name}"{attrs}>{_options(tuple(field.options), value)}</select>'
        )
    else:
        kind = "text" if money else field.type
        control = f'<input type="{kind}" name="{name}" id="f-{name}" value="{escape(value)}"{attrs}>'
    wrong = " field-wrong" if error else ""
    label = f'<label for="f-{name}">{escape(field.label)}</label>'
    return SafeString(f'<div class="field{wrong}">{label} {control} {note}</div>')  # escaped above


@lru_cache(maxsize=512)  # hundreds of promoters to choose from are escaped once
def _options(options: tuple[tuple[str, str], ...], value: str) -> str:
    return "".join(
        f'<option value="{escape(code)}" {"selected" if code == value else ""}>{escape(label)}</option>'
        for code, label in options
    )


def checks_html(name: str, choices: Iterable[Choice]) -> SafeString:
    """A tick box for each, as kit/field_plain.html has one for what needs no note."""
    boxes = (
        f'<label class="check"><input type="checkbox" name="{name}" value="{escape(each.value)}"'
        f"{' checked' if each.checked else ''}{' disabled' if each.disabled else ''}>"
        f" <span>{escape(each.label)}</span></label>"
        for each in choices
    )
    return SafeString("".join(boxes))  # escaped above
