"""Which rule of a plan serves a sale, and what it pays. Pure.

The first rule whose conditions all hold serves. A rule whose budget has not enough left for what it would pay
does not hold, so the next one serves; what the buyer pays is the same either way. The base is what the buyer
pays for the line after discounts and without freight; never more is paid than the channel's fee leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen, apply_bps


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, then the reward: exactly one of `rate_bps` and `unit_fen`. See models.CommissionRule.

    `position` from 1 and `id` are 0 and None in a draft; `left_fen` is what was left of the budget when read.
    """

    rate_bps: int | None = None
    unit_fen: Fen | None = None
    product_id: UUID | None = None
    sku_id: UUID | None = None
    category: str = ""
    channel: str = ""
    grade: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    least_fen: Fen | None = None
    most_fen: Fen | None = None
    budget_fen: Fen | None = None
    pays_own: bool = False
    position: int = 0
    id: UUID | None = None
    left_fen: Fen | None = None

    @property
    def bound(self) -> bool:
        """It does not hold for everything."""
        stated = (self.product_id, self.sku_id, self.category, self.channel, self.grade)
        return any(stated) or self.starts_at is not None or self.ends_at is not None


@dataclass(frozen=True, slots=True)
class Sale:
    """A line as rules see it. `room_fen`: what of its money is left after the channel's fee.

    `own`: the promoter is the buyer. Of who else sold what, or who brought whom, there is nothing here.
    """

    sku_id: UUID
    product_id: UUID
    category: str
    channel: str
    grade: str
    at: datetime
    quantity: int
    paid_fen: Fen
    room_fen: Fen
    own: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    """What a rule pays for a line, in fen."""

    rule: Rule
    fen: Fen


def holds(rule: Rule, sale: Sale) -> bool:
    """All its conditions hold; of its budget nothing is said."""
    return (
        rule.product_id in (None, sale.product_id)
        and rule.sku_id in (None, sale.sku_id)
        and rule.category in ("", sale.category)
        and rule.channel in ("", sale.channel)
        and rule.grade in ("", sale.grade)
        and (rule.starts_at is None or rule.starts_at <= sale.at)
        and (rule.ends_at is None or sale.at < rule.ends_at)
    )


def agreed(rule: Rule, paid: Fen, quantity: int) -> Fen:
    """What the rule promises for a line, before the channel's fee is looked at. Half a fen is rounded up."""
    fixed = rule.unit_fen
    fen = apply_bps(paid, rule.rate_bps or 0) if fixed is None else Fen(fixed * quantity)
    if rule.least_fen is not None:
        fen = max(fen, Fen(rule.least_fen * quantity))
    if rule.most_fen is not None:
        fen = min(fen, Fen(rule.most_fen * quantity))
    return min(fen, paid)


def earned(rule: Rule, sale: Sale) -> Fen:
    """What it pays for the sale: never below 0 or more than what is there. Own purchases need `pays_own`."""
    if sale.own and not rule.pays_own:
        return Fen(0)
    return Fen(max(0, min(agreed(rule, sale.paid_fen, sale.quantity), sale.room_fen)))


def match(rules: Sequence[Rule], sale: Sale, left: Mapping[UUID, Fen]) -> tuple[Earned | None, set[UUID]]:
    """What is earned on the sale while so much is `left` of the budgets; and the ids of all rules whose
    budgets decide that, now or when those before them have become less meanwhile.
    """
    looked: set[UUID] = set()
    found = None
    for rule in rules:
        if not holds(rule, sale):
            continue
        fen = earned(rule, sale)
        if rule.budget_fen is None or rule.id is None:
            return found or Earned(rule, fen), looked
        there = left.get(rule.id, 0)
        if there > 0:
            looked.add(rule.id)
        if there > 0 and fen <= there and found is None:
            found = Earned(rule, fen)
    return found, looked


@dataclass(frozen=True, slots=True)
class Matched:
    """One answer for each sale, in order. `spent`: by id of each rule with a budget, what it pays in all;
    `looked`: the rules whose budgets decided.
    """

    lines: tuple[Earned | None, ...]
    spent: Mapping[UUID, Fen]
    looked: frozenset[UUID]


def match_all(rules: Sequence[Rule], sales: Sequence[Sale]) -> Matched:
    """The lines of one order after another: what one takes of a budget is not there for the next."""
    left = {rule.id: rule.left_fen for rule in rules if rule.id and rule.left_fen is not None}
    spent: dict[UUID, Fen] = {}
    looked: set[UUID] = set()
    lines = []
    for sale in sales:
        found, seen = match(rules, sale, left)
        looked |= seen
        lines.append(found)
        if found and found.fen and found.rule.id is not None and found.rule.id in left:
            left[found.rule.id] = Fen(left[found.rule.id] - found.fen)
            spent[found.rule.id] = Fen(spent.get(found.rule.id, 0) + found.fen)
    return Matched(tuple(lines), spent, frozenset(looked))


def with_left(rules: Sequence[Rule], left: Mapping[UUID, Fen]) -> tuple[Rule, ...]:
    """The rules with so much left of their budgets; of one that is not named, nothing."""
    return tuple(
        replace(rule, left_fen=left.get(rule.id, Fen(0))) if rule.id and rule.budget_fen else rule
        for rule in rules
    )
