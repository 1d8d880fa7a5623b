"""The filters of a list as parameters of its operation, from the same data as the desk's forms."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from ninja import Schema
from pydantic import Field, create_model

from tongdao.faces.lists.filters import LONGEST, Choice, Filter
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import ListSpec
from tongdao.faces.lists.wanted import typed, window


class Filters(Schema):
    """What a list is narrowed by; each list has its own (filters_of)."""


def filters_of(noun: str) -> type[Filters]:
    """Every parameter is a text that may be left out; one that cannot be read is refused (422)."""
    spec = LISTS[noun]
    with translation.override("en"):
        told = {param: text for each in spec.filters for param, text in _told(each).items()}
    told["sort"] = "One of: " + ", ".join(sort.key or "(empty)" for sort in spec.sorts)
    fields: dict[str, Any] = {
        param: (str, Field("", max_length=LONGEST, description=text)) for param, text in told.items()
    }
    return create_model(f"{noun.capitalize()}Filters", __base__=Filters, **fields)


def _told(each: Filter) -> dict[str, str]:
    label = str(each.label)
    if isinstance(each, Choice):
        codes = ", ".join(code for code, _label in each.known()) if each.fixed else "an id"
        return {each.key: f"{label}. One of: {codes}" if each.fixed else f"{label}: {codes}"}
    ends = ("at least", "at most") if each.params[0].endswith("_min") else ("from", "until")
    if len(each.params) == 1:
        return {each.key: label}
    return {param: f"{label}, {end}" for param, end in zip(each.params, ends, strict=True)}


def rows_of(spec: ListSpec, filters: Filters, limit: int, offset: int) -> list[Any]:
    """A part of what the filters leave. Raises FilterUnreadable."""
    return window(spec, typed(spec, filters.model_dump()), offset, limit)
