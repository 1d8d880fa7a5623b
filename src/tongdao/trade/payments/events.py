from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class PaymentCaptured:
    """The channel has the buyer's money, in fen."""

    purchase_id: UUID
    captured_fen: int


@dataclass(frozen=True, slots=True)
class PaymentMismatched:
    """The channel tells of another amount than was asked for; nothing was booked, a person must look."""

    purchase_id: UUID
    asked_fen: int
    told_fen: int


@dataclass(frozen=True, slots=True)
class RefundRequested:
    """Money goes back to the buyer; the channel is told next. Amount in fen."""

    order_id: UUID | None
    person_id: UUID
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RefundCompleted:
    """The channel has paid the buyer back."""

    order_id: UUID | None
    person_id: UUID
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The channel could not pay back; a person must look."""

    order_id: UUID | None
    person_id: UUID
    amount_fen: int


define("payment.captured", PaymentCaptured)
define("payment.mismatched", PaymentMismatched)
define("refund.requested", RefundRequested)
define("refund.completed", RefundCompleted)
define("refund.failed", RefundFailed)
