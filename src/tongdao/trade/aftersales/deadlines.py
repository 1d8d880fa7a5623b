"""By when who has to move, and what happens if nobody does: the clock that both sides see.

The figures stand in rulebook.aftersales; a case keeps the moment itself (`due_at`), so that a later figure
changes nothing that was promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.rulebook import aftersales as rules
from tongdao.rulebook.calendar import last_day
from tongdao.rulebook.registry import Sheet
from tongdao.trade.aftersales.models import AfterSaleKind

Whose = Literal["buyer", "seller", "platform"]
GOODS_BACK = (AfterSaleKind.RETURN, AfterSaleKind.EXCHANGE, AfterSaleKind.REPAIR)
"""Kinds for which the goods come back first."""

REPLACING = (AfterSaleKind.EXCHANGE, AfterSaleKind.REPAIR)
"""Kinds that end with goods, not with money."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Who has to move in a state, within what, and where the case goes by itself when that is over."""

    whose: Whose
    within: Sheet[timedelta] | Sheet[int]
    then: str


WAITS: Mapping[str, Wait] = {
    "requested": Wait("seller", rules.SELLER_ANSWERS, "granted"),
    "agreed": Wait("buyer", rules.BUYER_SHIPS_BACK, "lapsed"),
    "returning": Wait("seller", rules.UNRECEIVED_AFTER, "received"),
    "received": Wait("seller", rules.SELLER_CHECKS_DAYS, "granted"),
    "replaced": Wait("buyer", rules.REPLACEMENT_CONFIRM, "settled"),
    "refused": Wait("buyer", rules.REFUSED_MAY_ESCALATE, "closed"),
}
_REQUESTED_GOODS = Wait("seller", rules.SELLER_ANSWERS, "agreed")
_RECEIVED_REPLACING = Wait("seller", rules.REPLACEMENT_WITHIN, "granted")


def wait_of(kind: str, state: str) -> Wait | None:
    """What a case of this kind waits for in this state; None where no side has to move."""
    if state == "requested" and kind in GOODS_BACK:
        return _REQUESTED_GOODS
    if state == "received" and kind in REPLACING:
        return _RECEIVED_REPLACING
    return WAITS.get(state)


def due_at(kind: str, state: str, since: datetime) -> datetime | None:
    """When the wait is over that begins at `since`. Whole days end with the day, past days of rest."""
    wait = wait_of(kind, state)
    if wait is None:
        return None
    within = wait.within.on(since)
    if isinstance(within, timedelta):
        return since + within
    return day_begins(last_day(beijing_day(since), within) + timedelta(days=1))


def warn_at(due: datetime) -> datetime:
    """When whoever has to move is told that the time is nearly over."""
    return due - rules.WARN_BEFORE.on(due)
