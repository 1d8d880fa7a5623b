"""What is recorded of promotions. Whatever an order used is in the order's own events and in its uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class PromotionCreated:
    """A new offer. Its rules are the event's `new` values."""

    kind: Code
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PromotionChanged:
    """Other rules from now on: `old` and `new` are what changed. Orders placed before keep theirs."""

    promotion_version: int


@dataclass(frozen=True, slots=True)
class PromotionStopped:
    """Ended by hand before its time, after so many units or uses."""

    used: int


@dataclass(frozen=True, slots=True)
class PromotionReturned:
    """An order gave back what it held: it was closed unpaid or undone in full."""

    order_id: UUID
    units: int
    off_fen: int


@dataclass(frozen=True, slots=True)
class GroupOpened:
    """An order took the first of `size` seats."""

    promotion_id: UUID
    order_id: UUID
    size: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class GroupFormed:
    """Every seat is paid: these orders can be packed."""

    promotion_id: UUID
    order_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class GroupDissolved:
    """Its time passed with seats left: these orders are undone, those paid get their money back."""

    promotion_id: UUID
    order_ids: tuple[UUID, ...]
    paid: int


define("promotion.created", PromotionCreated)
define("promotion.changed", PromotionChanged)
define("promotion.stopped", PromotionStopped)
define("promotion.returned", PromotionReturned)
define("buying_group.opened", GroupOpened)
define("buying_group.formed", GroupFormed)
define("buying_group.dissolved", GroupDissolved)
