"""What speaks against a public price: rules of higher rooms, which register here.

A rule answers for many SKUs at once, so that a bulk change of prices asks it once. The order of rules is of
no importance: the first objection to a SKU is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen

Wanted = Mapping[UUID, Fen]  # SKU → the public price of one unit that is asked for


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a price may not be: `code` is stable, `details` are ids and numbers."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


PriceRule = Callable[[Wanted, datetime], Mapping[UUID, Objection]]
_rules: list[PriceRule] = []


def price_rule(rule: PriceRule) -> PriceRule:
    """Register the decorated function: it answers for the SKUs whose price may not be, from a moment on."""
    _rules.append(rule)
    return rule


def price_objections(wanted: Wanted, at: datetime) -> dict[UUID, Objection]:
    """By SKU; those of which nothing speaks against their price are left out."""
    found: dict[UUID, Objection] = {}
    for rule in _rules if wanted else ():
        for sku_id, objection in rule(wanted, at).items():
            found.setdefault(sku_id, objection)
    return found
