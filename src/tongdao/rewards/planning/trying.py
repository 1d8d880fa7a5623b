"""A plan tried on sales that were made: what was paid, and what would have been. Pure.

Sales are as their orders froze them: goods, entrance and grade of that day, units, what was paid and what the
channel kept. Only the rules are others. Budgets begin full and are used up in the order of the sales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from tongdao.foundation.clock import beijing_day
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.terms.plans.matching import Rule, Sale, match

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Frozen:
    """A line that somebody brought; `was_fen` is what its promoter earns on it."""

    sale: Sale
    promoter_id: UUID
    was_fen: Fen


@dataclass(slots=True)
class Pair:
    """Fen that were paid and that would be, on `lines` lines."""

    was_fen: int = 0
    would_fen: int = 0
    lines: int = 0

    def add(self, was: int, would: int) -> None:
        self.was_fen += was
        self.would_fen += would
        self.lines += 1

    @property
    def more_fen(self) -> int:
        return self.would_fen - self.was_fen


@dataclass(slots=True)
class Tally:
    """Sums while the sales go by; `left` is what is left of the budgets. By position of the rule, from 1."""

    rules: tuple[Rule, ...]
    left: dict[UUID, Fen]
    days: dict[date, Pair] = field(default_factory=dict)
    by_rule: dict[int, Pair] = field(default_factory=dict)
    promoters: dict[UUID, Pair] = field(default_factory=dict)
    whole: Pair = field(default_factory=Pair)


@dataclass(frozen=True, slots=True)
class Mover:
    """A promoter who would earn another amount."""

    promoter_id: UUID
    was_fen: int
    would_fen: int

    @property
    def more_fen(self) -> int:
        return self.would_fen - self.was_fen


@dataclass(frozen=True, slots=True)
class DayPair:
    day: date
    was_fen: int
    would_fen: int


@dataclass(frozen=True, slots=True)
class RulePair:
    """Lines that the rule would serve, what they were paid and what they would be."""

    position: int
    lines: int
    was_fen: int
    would_fen: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out. `gain` and `lose`: who would earn most more and less; `days` has those with sales."""

    lines: int
    was_fen: int
    would_fen: int
    days: tuple[DayPair, ...]
    rules: tuple[RulePair, ...]
    gain: tuple[Mover, ...]
    lose: tuple[Mover, ...]
    promoters: int


def begin(rules: Sequence[Rule]) -> Tally:
    """Nothing has gone by yet; all budgets are full."""
    placed = tuple(
        replace(rule, position=position, id=uuid7(), left_fen=rule.budget_fen)
        for position, rule in enumerate(rules, 1)
    )
    return Tally(placed, {rule.id: rule.budget_fen for rule in placed if rule.id and rule.budget_fen})


def add(tally: Tally, lines: Iterable[Frozen]) -> None:
    """Let these lines go by, in the order in which they were sold."""
    for line in lines:
        found, _ = match(tally.rules, line.sale, tally.left)
        would = found.fen if found else Fen(0)
        if found and found.rule.id is not None and found.rule.id in tally.left:
            tally.left[found.rule.id] = Fen(tally.left[found.rule.id] - would)
        day = beijing_day(line.sale.at)
        position = found.rule.position if found else 0
        for sums in (
            tally.whole,
            tally.days.setdefault(day, Pair()),
            tally.by_rule.setdefault(position, Pair()),
            tally.promoters.setdefault(line.promoter_id, Pair()),
        ):
            sums.add(line.was_fen, would)


def result(tally: Tally) -> Trial:
    """What has come out so far."""
    movers = [Mover(id, pair.was_fen, pair.would_fen) for id, pair in tally.promoters.items()]
    movers.sort(key=lambda one: (one.more_fen, one.promoter_id))
    return Trial(
        lines=tally.whole.lines,
        was_fen=tally.whole.was_fen,
        would_fen=tally.whole.would_fen,
        days=tuple(DayPair(day, one.was_fen, one.would_fen) for day, one in sorted(tally.days.items())),
        rules=tuple(
            RulePair(position, one.lines, one.was_fen, one.would_fen)
            for position, one in sorted(tally.by_rule.items())
        ),
        gain=tuple(one for one in reversed(movers[-SHOWN:]) if one.more_fen > 0),
        lose=tuple(one for one in movers[:SHOWN] if one.more_fen < 0),
        promoters=len(movers),
    )
