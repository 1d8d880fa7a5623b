"""`sort_out` is pure: what each notice of a batch comes to, in the order in which they arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.trade.payments.gateways import PaidNotice

Outcome = Literal["captured", "repeated", "refunded", "mismatched"]


@dataclass(frozen=True, slots=True)
class StandingAttempt:
    """An attempt as it stands while its lock is held."""

    id: UUID
    trade_no: str
    purchase_id: UUID
    schedule_id: UUID
    state: str
    version: int
    amount_fen: Fen
    currency: str


@dataclass(slots=True)
class Sorting:
    """Positions in the batch. `first`: by purchase, the payment that is to pay for it. `taken` are all
    payments that are new, the first ones among them.
    """

    answers: dict[int, Outcome | NotFound] = field(default_factory=dict)
    mismatched: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    first: dict[UUID, int] = field(default_factory=dict)


def sort_out(notices: Sequence[PaidNotice], attempts: Mapping[str, StandingAttempt]) -> Sorting:
    """Go through the notices; `attempts` by trade number, as they are under their locks.

    What is taken has no answer yet: whether anybody still waits for its money is for the orders to say.
    """
    found = Sorting()
    told: set[UUID] = set()
    for position, notice in enumerate(notices):
        attempt = attempts.get(notice.trade_no)
        if attempt is None or notice.amount_fen is None or notice.paid_at is None:
            found.answers[position] = NotFound()
        elif attempt.state == "captured" or attempt.id in told:
            found.answers[position] = "repeated"
        elif notice.amount_fen != attempt.amount_fen:
            found.answers[position] = "mismatched"
            found.mismatched.append(position)
        else:
            told.add(attempt.id)
            found.taken.append(position)
            found.first.setdefault(attempt.purchase_id, position)
    return found
