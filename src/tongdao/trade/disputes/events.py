from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """A side took a case to the platform. `side`: which."""

    aftersale_id: UUID
    order_id: UUID
    person_id: UUID
    side: Code


@dataclass(frozen=True, slots=True)
class DisputeStated:
    """A side said more to the arbiter."""

    aftersale_id: UUID
    side: Code


@dataclass(frozen=True, slots=True)
class DisputeRuled:
    """An arbiter decided. `goods_fen`: money for the goods where it is less than was asked, else nothing."""

    aftersale_id: UUID
    order_id: UUID
    person_id: UUID
    round: int
    outcome: Code
    rule: Code
    goods_fen: int


@dataclass(frozen=True, slots=True)
class DisputeAppealed:
    """A side does not accept the first ruling."""

    aftersale_id: UUID
    side: Code


@dataclass(frozen=True, slots=True)
class DisputeEnforced:
    """What was ruled last is carried out."""

    aftersale_id: UUID
    order_id: UUID
    person_id: UUID
    outcome: Code


@dataclass(frozen=True, slots=True)
class DisputeDropped:
    """Whoever took it to the platform took it back: the case goes on where it was."""

    aftersale_id: UUID
    side: Code


@dataclass(frozen=True, slots=True)
class DisputeConceded:
    """A side gave in before anything was ruled: the case goes on as the other side wants it."""

    aftersale_id: UUID
    order_id: UUID
    person_id: UUID
    side: Code


define("dispute.opened", DisputeOpened)
define("dispute.stated", DisputeStated)
define("dispute.ruled", DisputeRuled)
define("dispute.appealed", DisputeAppealed)
define("dispute.enforced", DisputeEnforced)
define("dispute.dropped", DisputeDropped)
define("dispute.conceded", DisputeConceded)
