"""Kinds of filters. Each reads what was typed and narrows the rows; what cannot be read is never ignored."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.foundation.clock import day_begins
from tongdao.foundation.money import BadMoney, parse_yuan
from tongdao.foundation.reading import Asking, either, read

Rows = QuerySet[Any]
LONGEST = 80
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Options = Sequence[tuple[str, str]]  # codes and their words
WHOLE = re.compile(r"[0-9]{1,9}")


class Unreadable(ValueError):
    """What was typed for a parameter; the text says what would be right."""

    def __init__(self, param: str, text: str) -> None:
        super().__init__(text)
        self.param, self.text = param, text


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a filter: its parameter, what it is called, and the type of its control."""

    param: str
    label: str
    type: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """`key` is the parameter, or what its parameters begin with."""

    key: str
    label: Promise

    @abstractmethod
    def fields(self) -> list[Field]:
        """Its inputs, in the order of `params`."""

    @property
    def params(self) -> tuple[str, ...]:
        return (self.key,)

    @abstractmethod
    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        """`rows` as they are where nothing was typed. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class Words(Filter):
    """Free text."""

    narrow: Callable[[Rows, str], Rows]

    def fields(self) -> list[Field]:
        return [Field(self.key, str(self.label), "search")]

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        typed = wanted.get(self.key, "")
        return self.narrow(rows, typed) if typed else rows


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of a few. `narrow` takes the chosen code. `fixed`: they are the same at every merchant."""

    options: Callable[[], Options | Asking[Options]]
    narrow: Callable[[Rows, str], Rows]
    fixed: bool = True

    def fields(self) -> list[Field]:
        return [self.field(self.known())]

    def field(self, options: Options) -> Field:
        """Its input, where the options are known already."""
        return Field(self.key, str(self.label), "select", [("", _("Any")), *options])

    def known(self) -> Options:
        return read(self.ask())

    def ask(self) -> Asking[Options]:
        return either(self.options())

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        typed = wanted.get(self.key, "")
        if not typed:
            return rows
        if typed not in {code for code, _label in self.known()}:
            raise Unreadable(self.key, _("There is no such choice."))
        return self.narrow(rows, typed)


@dataclass(frozen=True, slots=True)
class Dates(Filter):
    """From one day to another, both included, in Beijing's calendar. `column` holds a time."""

    column: str

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def fields(self) -> list[Field]:
        labels = (_("%(what)s from"), _("%(what)s until"))
        return [
            Field(param, label % {"what": self.label}, "date")
            for param, label in zip(self.params, labels, strict=True)
        ]

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        first, last = (_day(param, wanted.get(param, "")) for param in self.params)
        if first:
            rows = rows.filter(**{f"{self.column}__gte": day_begins(first)})
        if last:
            rows = rows.filter(**{f"{self.column}__lt": day_begins(last + timedelta(days=1))})
        return rows


@dataclass(frozen=True, slots=True)
class Days(Dates):
    """The same of a column that holds a date."""

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        first, last = (_day(param, wanted.get(param, "")) for param in self.params)
        if first:
            rows = rows.filter(**{f"{self.column}__gte": first})
        return rows.filter(**{f"{self.column}__lte": last}) if last else rows


@dataclass(frozen=True, slots=True)
class Range(Filter):
    """At least and at most so many."""

    column: str

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.key}_min", f"{self.key}_max")

    def fields(self) -> list[Field]:
        labels = (_("%(what)s at least"), _("%(what)s at most"))
        return [
            Field(param, label % {"what": self.label}, self.type)
            for param, label in zip(self.params, labels, strict=True)
        ]

    @property
    def type(self) -> str:
        return "number"

    def read(self, param: str, typed: str) -> int | None:
        if typed and not WHOLE.fullmatch(typed):
            raise Unreadable(param, _("Write a whole number."))
        return int(typed) if typed else None

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        least, most = (self.read(param, wanted.get(param, "")) for param in self.params)
        if least is not None:
            rows = rows.filter(**{f"{self.column}__gte": least})
        return rows.filter(**{f"{self.column}__lte": most}) if most is not None else rows


@dataclass(frozen=True, slots=True)
class Amount(Range):
    """The same of money: typed in yuan, kept in fen."""

    @property
    def type(self) -> str:
        return "money"

    def read(self, param: str, typed: str) -> int | None:
        try:
            return parse_yuan(typed.strip("¥￥ ").replace(",", "")) if typed else None
        except BadMoney:
            text = _("Write an amount in yuan with at most two decimals, such as 128.00.")
            raise Unreadable(param, text) from None


def coded(column: str) -> Callable[[Rows, str], Rows]:
    """For a Choice whose codes stand in a column."""
    return lambda rows, code: rows.filter(**{column: code})


def cases(known: Mapping[str, Q]) -> Callable[[Rows, str], Rows]:
    """For a Choice whose codes stand for conditions."""
    return lambda rows, code: rows.filter(known[code])


def _day(param: str, typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Unreadable(param, _("Write a day such as 2026-01-31.")) from None


SEARCH = gettext_lazy("Search")
