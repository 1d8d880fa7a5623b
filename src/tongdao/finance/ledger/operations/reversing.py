"""Correction: a transaction is never changed, its mirror is posted, once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tongdao.finance.ledger.drafts import Draft, Line, Posted
from tongdao.finance.ledger.operations.posting import post_transactions
from tongdao.finance.ledger.queries import transaction_by_id
from tongdao.finance.ledger.refusals import NotReversible
from tongdao.foundation.actors import Actor

KIND = "reversal"


def reversal(transaction_id: UUID, key: str, *, booked_on: date | None = None) -> Draft:
    """The mirror of a transaction, for a batch: each posting back, with its reference and its subject.

    Raises NotFound, and NotReversible for a transaction that is a reversal itself.
    """
    original = transaction_by_id(transaction_id)
    if original.reverses is not None:
        raise NotReversible(original, transaction=str(transaction_id))
    return Draft(
        key=key,
        kind=KIND,
        subject=original.subject,
        postings=[Line(p.destination, p.source, p.amount, p.reference) for p in original.postings],
        currency=original.currency,
        reverses=original.id,
        booked_on=booked_on,
    )


def reverse_transaction(
    transaction_id: UUID, key: str, *, actor: Actor, booked_on: date | None = None
) -> Posted:
    """Post the mirror of the whole transaction. The same key again is the same reversal (`repeated`).

    Raises NotFound, NotReversible, AlreadyReversed (under another key), BalanceTooLow, DayNotOpen.
    """
    return post_transactions([reversal(transaction_id, key, booked_on=booked_on)], actor=actor)[0]
