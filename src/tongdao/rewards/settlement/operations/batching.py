"""Payouts are proposed together, and made when somebody else has looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q, Sum

from tongdao.finance.ledger.operations import post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import record
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.states import claim
from tongdao.rewards.commissions.models import PAYABLE, Commission
from tongdao.rewards.commissions.operations import TakenOut, put_back, take_for_payouts
from tongdao.rewards.settlement.events import BatchDecided, BatchProposed, PayoutEnded
from tongdao.rewards.settlement.models import Payee, Payout, PayoutBatch, PayoutLine, Way
from tongdao.rewards.settlement.operations.cutting import cut_transfers
from tongdao.rewards.settlement.refusals import BatchDecided as AlreadyDecided
from tongdao.rewards.settlement.refusals import NothingDue, RejectReasonUnknown, SamePersonDecides
from tongdao.rewards.settlement.states import BATCH, PAYOUT

MOST = 500  # payouts of one batch
REJECT_REASONS = ("amounts", "payees", "no_money", "mistake", "other")


def propose_batch(least: Fen, *, most: int = MOST, actor: Actor) -> PayoutBatch:
    """Claim all that is due to each promoter who has at least `least` due and may be paid: a real name is
    known, a bank's card was compared with papers, and no payout is under way. A batch holds `most` of them,
    so that its transaction stays short; the next one takes those that are left. Raises NothingDue.
    """
    if actor.id is None:
        raise NotAllowed(permission="money.move")  # four eyes are people's
    payees = _payees(least, most)
    ids = {promoter_id: uuid7() for promoter_id in payees}
    taken = take_for_payouts(ids, least)
    if not taken:
        raise NothingDue()
    batch = PayoutBatch(proposed_by=actor.id, proposed_at=clock.now())
    together = Together()
    together.insert([batch])
    for promoter_id, out in taken.items():
        together.insert([_payout(batch, ids[promoter_id], payees[promoter_id], out)])
        for commission_id, fen in out.lines.items():
            together.add(
                PayoutLine, payout_id=ids[promoter_id], commission_id=commission_id, amount_fen=fen, live=True
            )
    together.execute()
    total = sum(out.fen for out in taken.values())
    record(BatchProposed(payouts=len(taken), amount_fen=total), subject=batch, actor=actor)
    post_transactions([out.draft for out in taken.values() if out.draft], actor=actor)
    return batch


def _payees(least: Fen, most: int) -> dict[UUID, Payee]:
    """Who could be paid, as it stands before anything is locked."""
    due = Commission.objects.filter(state="released").values("promoter_id").annotate(fen=Sum(PAYABLE))
    wanted = due.filter(fen__gte=least).values_list("promoter_id", flat=True)
    busy = Payout.objects.filter(state__in=["claimed", "approved"]).values_list("promoter_id", flat=True)
    ready = Payee.objects.filter(Q(way=Way.WECHAT) | Q(checked_at__isnull=False))
    rows = ready.filter(promoter_id__in=list(wanted)).exclude(promoter_id__in=list(busy))
    return {row.promoter_id: row for row in rows.order_by("promoter_id")[:most]}


def _payout(batch: PayoutBatch, id: UUID, payee: Payee, out: TakenOut) -> Payout:
    return Payout(
        id=id,
        batch=batch,
        promoter_id=payee.promoter_id,
        way=payee.way,
        amount_fen=out.fen,
        real_name=payee.real_name,
        card=payee.card,
        claimed_at=batch.proposed_at,
    )


def approve_batch(batch_id: UUID, *, actor: Actor) -> None:
    """Somebody else than who proposed it has looked. Raises SamePersonDecides, BatchDecided."""
    batch = _open(batch_id)
    if actor.id == batch.proposed_by:
        raise SamePersonDecides()
    claim(BATCH, "proposed", "approved", PayoutBatch, [batch_id], **_decided(batch, actor))
    _tell(batch, actor, approved=True)
    ids = Payout.objects.filter(batch=batch).order_by("id").values_list("id", flat=True)
    approved = claim(PAYOUT, "claimed", "approved", Payout, lock_rows(Rank.PAYOUT, Payout, ids))
    for payout in Payout.objects.filter(pk__in=approved, way=Way.WECHAT).order_by("id"):
        cut_transfers(payout)


def reject_batch(batch_id: UUID, *, reason: str = "", actor: Actor) -> None:
    """The payouts come to nothing and the commissions are due again. Whoever proposed it may take it back.

    `reason` is one of REJECT_REASONS, or nothing. Raises BatchDecided, RejectReasonUnknown.
    """
    if reason and reason not in REJECT_REASONS:
        raise RejectReasonUnknown()
    batch = _open(batch_id)
    claim(BATCH, "proposed", "rejected", PayoutBatch, [batch_id], **_decided(batch, actor))
    _tell(batch, actor, approved=False, reason=reason)
    return_payouts(list(Payout.objects.filter(batch=batch).values_list("id", flat=True)), actor)


def _open(batch_id: UUID) -> PayoutBatch:
    """Locked, and not decided yet."""
    if not lock_rows(Rank.PAYOUT, PayoutBatch, [batch_id]):
        raise NotFound()
    batch = PayoutBatch.objects.get(pk=batch_id)
    if batch.state != "proposed":
        raise AlreadyDecided(batch)
    return batch


def _decided(batch: PayoutBatch, actor: Actor) -> dict[str, object]:
    """Who takes back what they proposed themselves is not a second pair of eyes."""
    by = None if actor.id == batch.proposed_by else actor.id
    return {"decided_by": by, "decided_at": clock.now()}


def _tell(batch: PayoutBatch, actor: Actor, *, approved: bool, reason: str = "") -> None:
    batch.refresh_from_db()
    record(BatchDecided(approved=approved), subject=batch, reason=reason, actor=actor)


def return_payouts(payout_ids: Sequence[UUID], actor: Actor) -> None:
    """They came to nothing: what they claimed is due again, less what went back to buyers meanwhile."""
    locked, now = lock_rows(Rank.PAYOUT, Payout, payout_ids), clock.now()
    returned = [
        *claim(PAYOUT, "claimed", "returned", Payout, locked, ended_at=now),
        *claim(PAYOUT, "approved", "returned", Payout, locked, ended_at=now),
    ]
    lines = _lines(returned)
    lock_rows(Rank.COMMISSION, Commission, [id for each in lines.values() for id in each])
    PayoutLine.objects.filter(payout_id__in=returned).update(live=False)
    payouts = Payout.objects.filter(pk__in=returned).order_by("id")
    backs = [put_back(payout.promoter_id, payout.id, lines[payout.id]) for payout in payouts]
    for payout in payouts:
        tell_ended(payout, Fen(0), actor=actor)
    post_transactions([back.draft for back in backs if back.draft], actor=actor)


def tell_ended(payout: Payout, paid: Fen, *, actor: Actor) -> None:
    payout.refresh_from_db()
    ended = PayoutEnded(
        promoter_id=payout.promoter_id,
        amount_fen=payout.amount_fen,
        paid=paid == payout.amount_fen,
        paid_fen=paid,
    )
    record(ended, subject=payout, actor=actor)


def _lines(payout_ids: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {id: [] for id in payout_ids}
    for payout_id, commission_id in PayoutLine.objects.filter(payout_id__in=list(payout_ids)).values_list(
        "payout_id", "commission_id"
    ):
        found[payout_id].append(commission_id)
    return found
