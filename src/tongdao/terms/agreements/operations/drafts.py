"""What a freight template shall say, checked before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tongdao.rulebook import divisions
from tongdao.terms.agreements.models import FreightRule, FreightTemplate
from tongdao.terms.agreements.refusals import (
    NothingServed,
    RegionTwice,
    RegionUnknown,
    TemplateNameMissing,
    TemplateNumbersWrong,
)

LONGEST_NAME = 80
MOST_RULES = 60
MOST_G = 10_000_000  # ten tonnes
MOST_FEE_FEN = 10_000_000  # 100,000 yuan
MOST_GOODS_FEN = 1_000_000_000
DIVISORS = range(1_000, 1_000_001)
LIMITS = (
    ("first_g", 1, MOST_G),
    ("step_g", 1, MOST_G),
    ("first_fee_fen", 0, MOST_FEE_FEN),
    ("step_fee_fen", 0, MOST_FEE_FEN),
    ("free_from_fen", 1, MOST_GOODS_FEN),
)
TOLD = ("first_g", "first_fee_fen", "step_g", "step_fee_fen", "free_from_fen", "not_served")


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule. `prefixes` are division codes or their beginnings (2, 4, 6 digits); none: everywhere else."""

    prefixes: tuple[str, ...]
    first_g: int = 1_000
    first_fee_fen: int = 0
    step_g: int = 1_000
    step_fee_fen: int = 0
    free_from_fen: int | None = None
    not_served: bool = False


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template as it shall be. Amounts in fen, weights in grams; see models for the rest."""

    name: str
    rules: tuple[RuleDraft, ...]
    volume_divisor: int = 6_000
    parcel_most_g: int | None = None

    def checked(self) -> TemplateDraft:
        """With its name trimmed and its prefixes in their shortest form. Raises a refusal."""
        name = self.name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise TemplateNameMissing()
        rules = tuple(replace(rule, prefixes=_prefixes(rule)) for rule in self.rules)
        _check_numbers(self)
        _check_regions(rules)
        return replace(self, name=name, rules=rules)

    def told(self) -> Mapping[str, Any]:
        """The numbers of it, for the event: a row for each rule, in the order of `TOLD`, regions last."""
        return {
            "volume_divisor": self.volume_divisor,
            "parcel_most_g": self.parcel_most_g,
            "rules": tuple(
                (*(getattr(rule, name) for name in TOLD), tuple(int(prefix) for prefix in rule.prefixes))
                for rule in self.rules
            ),
        }


def draft_of(row: FreightTemplate, rules: Iterable[FreightRule]) -> TemplateDraft:
    """What the template says now, in the shape in which it can be changed."""
    return TemplateDraft(
        name=row.name,
        volume_divisor=row.volume_divisor,
        parcel_most_g=row.parcel_most_g,
        rules=tuple(
            RuleDraft(
                prefixes=tuple(rule.prefixes),
                first_g=rule.first_g,
                first_fee_fen=rule.first_fee_fen,
                step_g=rule.step_g,
                step_fee_fen=rule.step_fee_fen,
                free_from_fen=rule.free_from_fen,
                not_served=rule.not_served,
            )
            for rule in rules
        ),
    )


def _prefixes(rule: RuleDraft) -> tuple[str, ...]:
    return tuple(sorted(_shortest(prefix) for prefix in rule.prefixes))


def _shortest(prefix: str) -> str:
    """330000 is 33 and 330100 is 3301. Raises RegionUnknown."""
    short = prefix
    while len(short) > 2 and short.endswith("00"):
        short = short[:-2]
    try:
        divisions.get(short.ljust(6, "0"))
    except divisions.UnknownDivision:
        raise RegionUnknown(region=prefix[:12]) from None
    if len(short) not in (2, 4, 6):
        raise RegionUnknown(region=prefix[:12])
    return short


def _check_numbers(draft: TemplateDraft) -> None:
    """Raises TemplateNumbersWrong with the name of the first that is beyond its limits."""
    if draft.volume_divisor and draft.volume_divisor not in DIVISORS:
        raise TemplateNumbersWrong(field="volume_divisor")
    if draft.parcel_most_g is not None and not 1 <= draft.parcel_most_g <= MOST_G:
        raise TemplateNumbersWrong(field="parcel_most_g")
    for rule in draft.rules:
        for name, least, most in LIMITS:
            value = getattr(rule, name)
            if value is not None and not least <= value <= most:
                raise TemplateNumbersWrong(field=name)


def _check_regions(rules: tuple[RuleDraft, ...]) -> None:
    if not any(not rule.not_served for rule in rules) or len(rules) > MOST_RULES:
        raise NothingServed()
    named = Counter(prefix for rule in rules for prefix in rule.prefixes or ("",))
    twice = next((prefix for prefix, times in named.items() if times > 1), None)
    if twice is not None:
        raise RegionTwice(region=twice)
