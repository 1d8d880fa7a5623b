"""What happens to an order's notes. What they say may name a person, so no event carries it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class OrderNoted:
    """Staff wrote something down."""

    order_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class OrderNotePinned:
    """The lists show this one from now on; None: none any more."""

    order_id: UUID
    entry_id: UUID | None


@dataclass(frozen=True, slots=True)
class OrderFlagged:
    """`flag` is a colour, or "none"."""

    order_id: UUID
    flag: Code


define("order.noted", OrderNoted)
define("order.note_pinned", OrderNotePinned)
define("order.flagged", OrderFlagged)
