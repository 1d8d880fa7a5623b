"""What proves a payment at the bank: its number there, and its day."""

from __future__ import annotations

from datetime import date

from tongdao.foundation import clock
from tongdao.rewards.settlement.refusals import PaidOnWrong, ProofMissing

LONGEST = 80


def proof_of(number: str, paid_on: date) -> str:
    """As `note_bank_payment` takes it. Raises ProofMissing, PaidOnWrong."""
    told = " ".join(number.split())
    if not 1 <= len(told) <= LONGEST:
        raise ProofMissing()
    if paid_on > clock.today():
        raise PaidOnWrong()
    return f"{paid_on.isoformat()} {told}"
