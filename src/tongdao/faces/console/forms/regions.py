"""Regions as people name them, and as rules hold them: beginnings of division codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.joining import joined
from tongdao.rulebook import divisions
from tongdao.rulebook.divisions import Division

BETWEEN = re.compile(r"[\s,，、;；]+")
MOST = 400


def shortest(code: str) -> str:
    """330000 is 33 and 330100 is 3301."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def region_name(prefix: str) -> str:
    """浙江省杭州市 for 3301; the digits themselves where no division is called so any more."""
    try:
        return divisions.full_name(prefix.ljust(6, "0"))
    except divisions.UnknownDivision:
        return prefix


def all_provinces() -> list[tuple[str, str]]:
    """Prefix and name of each, in order of code."""
    return [(shortest(each.code), each.name) for each in divisions.children()]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Every name, alone and with what it lies in, to the codes of those that are called so."""
    found: dict[str, list[str]] = {}
    for division in _all(divisions.children()):
        for name in {division.name, divisions.full_name(division.code)}:
            found.setdefault(name, []).append(division.code)
    return {name: tuple(codes) for name, codes in found.items()}


def _all(rows: Iterable[Division]) -> Iterable[Division]:
    for division in rows:
        yield division
        yield from _all(divisions.children(division.code))


class RegionsField(forms.CharField):
    """Cities and districts by name or code, read as a tuple of prefixes."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=4000, **kwargs)  # type: ignore[arg-type]  # a form field's own keywords

    def clean(self, value: object) -> tuple[str, ...]:
        typed = [each for each in BETWEEN.split(str(super().clean(value) or "")) if each]
        return tuple(dict.fromkeys(_prefix(each) for each in typed[:MOST]))


def _prefix(typed: str) -> str:
    codes = _names().get(typed, (typed,))
    if len(codes) > 1:
        whole = joined(divisions.full_name(code) for code in codes[:3])
        raise ValidationError(
            _("There are several places called %(name)s. Write which one: %(whole)s."),
            params={"name": typed, "whole": whole},
        )
    try:
        return shortest(divisions.get(codes[0].ljust(6, "0")).code)
    except divisions.UnknownDivision:
        raise ValidationError(_("No region is called %(name)s."), params={"name": typed[:20]}) from None
