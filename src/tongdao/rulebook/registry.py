"""The shape of a rule and the register of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from tongdao.foundation.clock import beijing_day

Confidence = Literal["A", "B", "C", "U"]
"""A primary text (or our own choice, whose text we are), B reprint, C secondary, U general knowledge."""

OWN = "our own choice"
"""Source of a figure no law sets. Stored versions stay: an old order keeps the figure it was placed under."""

T = TypeVar("T")


class UnknownRule(LookupError):
    """No rule has this name."""


class NotYetInForce(LookupError):
    """The rule exists, but its first version starts after the date asked for."""


@dataclass(frozen=True)
class Rule(Generic[T]):
    """One version of a figure, in force from `effective_from` (Beijing date) until the next version."""

    value: T
    effective_from: date
    source: str
    confidence: Confidence

    @property
    def needs_counsel(self) -> bool:
        """True when an operator must read "confirm with counsel" beside the value."""
        return self.confidence in ("C", "U")


@dataclass(frozen=True)
class Sheet(Generic[T]):
    """All versions of one named figure, oldest first."""

    name: str
    versions: tuple[Rule[T], ...]

    def rule_on(self, when: date | datetime) -> Rule[T]:
        """The version in force on a day, or on the day in Beijing of an aware moment.

        Raises `NotYetInForce` when there is none.
        """
        day = beijing_day(when) if isinstance(when, datetime) else when
        for version in reversed(self.versions):
            if version.effective_from <= day:
                return version
        first = self.versions[0].effective_from
        raise NotYetInForce(f"{self.name} is known from {first.isoformat()} on, asked for {day.isoformat()}")

    def on(self, when: date | datetime) -> T:
        """The value in force then, as `rule_on`; `NotYetInForce` when there is none."""
        return self.rule_on(when).value


_SHEETS: dict[str, Sheet[Any]] = {}


def define(name: str, *versions: Rule[T]) -> Sheet[T]:
    """Register a figure. Versions start on different days, oldest first; a name is taken once."""
    starts = [version.effective_from for version in versions]
    if not starts or starts != sorted(set(starts)):
        raise ValueError(f"{name}: versions must be given, oldest first, one per day")
    if name in _SHEETS:
        raise ValueError(f"{name} is defined twice")
    sheet = Sheet(name, versions)
    _SHEETS[name] = sheet
    return sheet


def sheet(name: str) -> Sheet[Any]:
    """The sheet of this name; `UnknownRule` otherwise."""
    try:
        return _SHEETS[name]
    except KeyError:
        raise UnknownRule(f"no rule is called {name!r}") from None


def rule(name: str, on: date) -> Any:
    """The value of the named rule on a date; `UnknownRule` or `NotYetInForce`."""
    return sheet(name).on(on)


def all_sheets() -> tuple[Sheet[Any], ...]:
    """Every figure by name, for the operators' page of rules."""
    return tuple(_SHEETS[name] for name in sorted(_SHEETS))
