"""What other options do to a product's SKUs: which stay, which leave, which appear; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as every
from uuid import UUID

from tongdao.goods.catalog.models import Sku
from tongdao.goods.editing.refusals import OptionsInvalid, TooManySkus

OPTIONS_MAX = 3
VALUES_MAX = 100
VALUE_CHARS = 80
MOST_SKUS = 500
SEPARATOR = "\x1f"

Combination = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueWish:
    """A value of an option; `was` is what it was called before, empty for a new one."""

    text: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class OptionWish:
    """An option as it shall be; `was` is what it was called before, empty for a new one."""

    name: str
    values: tuple[ValueWish, ...]
    was: str = ""


@dataclass(frozen=True, slots=True)
class OptionsPlan:
    """`stays`: SKU → its values; `fresh` combinations involve a new value or option, `gaps` do not.

    `models`: for each combination without a SKU, the one whose price and size it would begin with.
    """

    names: tuple[str, ...]
    stays: Mapping[UUID, Combination]
    leaves: tuple[Sku, ...]
    fresh: tuple[Combination, ...]
    gaps: tuple[Combination, ...]
    models: Mapping[Combination, Sku] = field(default_factory=dict)
    order: Mapping[Combination, int] = field(default_factory=dict)


def check_options(options: Sequence[OptionWish]) -> None:
    """Raises OptionsInvalid or TooManySkus."""
    names = [option.name for option in options]
    fine = len(names) <= OPTIONS_MAX and len(set(names)) == len(names)
    for option in options:
        texts = [value.text for value in option.values]
        fine = fine and 0 < len(texts) <= VALUES_MAX and len(set(texts)) == len(texts)
        fine = fine and all(_fits(text) for text in (option.name, *texts))
    if not fine:
        raise OptionsInvalid()
    count = 1
    for option in options:
        count *= len(option.values)
    if count > MOST_SKUS:
        raise TooManySkus(count=count, most=MOST_SKUS)


def _fits(text: str) -> bool:
    return 0 < len(text) <= VALUE_CHARS and SEPARATOR not in text and text == text.strip()


def plan_options(old_names: Sequence[str], skus: Sequence[Sku], options: Sequence[OptionWish]) -> OptionsPlan:
    """`skus` are the product's, in their order, without the archived. Raises what check_options does."""
    check_options(options)
    stays: dict[UUID, Combination] = {}
    taken: dict[Combination, Sku] = {}
    leaves = []
    for sku in skus:
        mapped = _mapped(dict(zip(old_names, sku.option_values, strict=False)), options)
        if mapped is None or mapped in taken:
            leaves.append(sku)
        else:
            stays[sku.id], taken[mapped] = mapped, sku
    combinations = [tuple(each) for each in every(*(_texts(option) for option in options))]
    known = [{value.text for value in option.values if value.was and option.was} for option in options]
    missing = [each for each in combinations if each not in taken]
    gaps = [each for each in missing if all(text in had for text, had in zip(each, known, strict=True))]
    return OptionsPlan(
        names=tuple(option.name for option in options),
        stays=stays,
        leaves=tuple(leaves),
        fresh=tuple(each for each in missing if each not in gaps),
        gaps=tuple(gaps),
        models={each: _nearest(each, taken, skus) for each in missing} if skus else {},
        order={each: place for place, each in enumerate(combinations, 1)},
    )


def _texts(option: OptionWish) -> list[str]:
    return [value.text for value in option.values]


def _mapped(old: Mapping[str, str], options: Sequence[OptionWish]) -> Combination | None:
    """Where a SKU's values lead; None when one of them is gone. A new option begins with its first value."""
    found = []
    for option in options:
        if not option.was:
            found.append(option.values[0].text)
            continue
        now = next((value.text for value in option.values if value.was == old.get(option.was)), None)
        if now is None:
            return None
        found.append(now)
    return tuple(found)


def _nearest(wanted: Combination, taken: Mapping[Combination, Sku], skus: Sequence[Sku]) -> Sku:
    """The SKU with the most values in common, the first of several."""
    if not taken:
        return skus[0]
    best = max(taken, key=lambda each: sum(a == b for a, b in zip(each, wanted, strict=True)))
    return taken[best]


def wishes_of(names: Sequence[str], skus: Sequence[Sku]) -> list[OptionWish]:
    """The options as they are: each value that a SKU has, in the SKUs' order."""
    found = []
    for place, name in enumerate(names):
        values = dict.fromkeys(
            str(sku.option_values[place]) for sku in skus if len(sku.option_values) == len(names)
        )
        found.append(OptionWish(str(name), tuple(ValueWish(text, text) for text in values), str(name)))
    return found
