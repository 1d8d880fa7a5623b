from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class PayeeSaid:
    """A promoter said under which name and how to be paid. What was said is not told here."""

    promoter_id: UUID
    way: Code


@dataclass(frozen=True, slots=True)
class PayeeForgotten:
    """A promoter took back under which name and how to be paid."""

    promoter_id: UUID


@dataclass(frozen=True, slots=True)
class PayeeChecked:
    """Staff compared a payee with papers."""

    promoter_id: UUID


@dataclass(frozen=True, slots=True)
class PayeeUnmasked:
    """Staff read name and card in full."""

    promoter_id: UUID


@dataclass(frozen=True, slots=True)
class BatchProposed:
    """Payouts were proposed: how many, and how much together in fen."""

    payouts: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BatchDecided:
    """Whether they are made."""

    approved: bool


@dataclass(frozen=True, slots=True)
class PayoutEnded:
    """A payout is over: `paid_fen` of it has arrived, all of it where it is `paid`. The rest is due again."""

    promoter_id: UUID
    amount_fen: int
    paid: bool
    paid_fen: int


@dataclass(frozen=True, slots=True)
class TransferEnded:
    """A part of a payout has arrived, or did not."""

    payout_id: UUID
    promoter_id: UUID
    part: int
    amount_fen: int
    paid: bool


define("payee.said", PayeeSaid)
define("payee.forgotten", PayeeForgotten)
define("payee.checked", PayeeChecked)
define("payee.unmasked", PayeeUnmasked)
define("payout_batch.proposed", BatchProposed)
define("payout_batch.decided", BatchDecided)
define("payout.ended", PayoutEnded)
define("transfer.ended", TransferEnded)
