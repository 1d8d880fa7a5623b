"""Kinds of goods that cannot be given back without a reason, in words: the rulebook has them."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.foundation import clock
from tongdao.goods.catalog.models import Product
from tongdao.rulebook.returns import EXCLUSIONS, exclusion

Choices = list[tuple[str, str]]


def return_name(product: Product) -> str:
    kind = exclusion(product.return_exclusion, clock.now())
    return kind.name(get_language() or "") if kind else _("7-day return")


def return_choices() -> dict[str, str]:
    """By code, without the one of all other goods."""
    language = get_language() or ""
    return {code: kind.name(language) for code, kind in EXCLUSIONS.on(clock.now()).kinds.items()}


def return_groups() -> list[tuple[str, str | Choices]]:
    """For a select: all other goods first, then by what excludes them."""
    kinds, names = EXCLUSIONS.on(clock.now()).kinds, return_choices()
    law = [(code, names[code]) for code, kind in kinds.items() if not kind.needs_consent]
    asked = [(code, names[code]) for code, kind in kinds.items() if kind.needs_consent]
    groups: list[tuple[str, str | Choices]] = [("", _("7-day return"))]
    groups += [(_("Excluded by law"), law), (_("Only if the buyer agrees at the checkout"), asked)]
    return groups
