"""Payouts that end otherwise than by a transfer: paid at the bank, all or what is left, or given up."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.models import Payout, Transfer
from tongdao.rewards.settlement.operations.arriving import arrived_fen, end_in_part, note_arrived
from tongdao.rewards.settlement.operations.batching import return_payouts
from tongdao.rewards.settlement.refusals import NotPaidByBank, ProofMissing, TransferStillOpen
from tongdao.rewards.settlement.states import OPEN


def note_bank_payment(payout_id: UUID, proof: str, *, actor: Actor) -> None:
    """Somebody of the shop has paid at the bank what had not arrived; `proof` is the bank's number for that.

    Also what the channel could not bring to its payee. Raises ProofMissing, NotPaidByBank, and
    TransferStillOpen where a transfer may yet bring it.
    """
    if not proof.strip():
        raise ProofMissing()
    payout = _locked(payout_id)
    if payout.state != "approved":
        raise NotPaidByBank(payout)
    _check_closed(payout)
    rest = Fen(payout.amount_fen - arrived_fen(payout))
    Payout.objects.filter(pk=payout_id).update(proof=proof.strip()[:120], bank_fen=rest)
    payout.refresh_from_db()
    note_arrived(payout, f"bank:{payout.id}", rest, actor=actor)


def give_up(payout_id: UUID, *, actor: Actor) -> None:
    """Nothing more of it can arrive: what has not is due again, all of it where nothing has.

    Raises TransferStillOpen.
    """
    payout = _locked(payout_id)
    if payout.state != "approved":
        raise NotFound()
    _check_closed(payout)
    if arrived_fen(payout):
        end_in_part(payout, actor=actor)
    else:
        return_payouts([payout_id], actor)


def _check_closed(payout: Payout) -> None:
    if Transfer.objects.filter(payout=payout, state__in=OPEN).exists():
        raise TransferStillOpen()


def _locked(payout_id: UUID) -> Payout:
    if not lock_rows(Rank.PAYOUT, Payout, [payout_id]):
        raise NotFound()
    return Payout.objects.get(pk=payout_id)
