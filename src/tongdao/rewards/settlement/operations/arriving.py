"""What of a payout has arrived, and what that makes of its lines."""

from __future__ import annotations

from django.db.models import F, Sum

from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.states import claim
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.operations import note_paid_out, paid_line, put_back
from tongdao.rewards.settlement.models import Payout, PayoutLine, Transfer
from tongdao.rewards.settlement.operations.batching import tell_ended
from tongdao.rewards.settlement.parts import brought
from tongdao.rewards.settlement.states import PAYOUT


def arrived_fen(payout: Payout) -> Fen:
    """By the channel and at the bank. The caller holds the payout's lock and has read it under that."""
    sums = Transfer.objects.filter(payout=payout, state="paid").aggregate(fen=Sum("amount_fen"))
    return Fen(int(sums["fen"] or 0) + payout.bank_fen)


def note_arrived(payout: Payout, key: str, fen: Fen, *, actor: Actor) -> None:
    """`fen` more of it has arrived; with the last of it the payout is over. The caller holds its lock."""
    if arrived_fen(payout) == payout.amount_fen:
        lines = PayoutLine.objects.filter(payout=payout)
        lines.update(paid_fen=F("amount_fen"))
        claim(PAYOUT, "approved", "paid", Payout, [payout.id], ended_at=clock.now())
        note_paid_out(list(lines.values_list("commission_id", flat=True)))
        tell_ended(payout, Fen(payout.amount_fen), actor=actor)
    postings = [paid_line(payout.promoter_id, fen)]
    post_transactions([Draft(key=key, kind="payout", subject=payout.id, postings=postings)], actor=actor)


def end_in_part(payout: Payout, *, actor: Actor) -> None:
    """Some has arrived and nothing more can: it paid the oldest lines, and the rest is due again. A line that
    it paid a part of is due again for what is left of it. The caller holds the payout's lock.
    """
    arrived = arrived_fen(payout)
    lines = list(PayoutLine.objects.filter(payout=payout).order_by("commission_id"))
    lock_rows(Rank.COMMISSION, Commission, [line.commission_id for line in lines])
    for line, fen in zip(lines, brought([Fen(line.amount_fen) for line in lines], arrived), strict=True):
        line.paid_fen, line.live = fen, fen == line.amount_fen
    PayoutLine.objects.bulk_update(lines, ["paid_fen", "live"], batch_size=1_000)
    claim(PAYOUT, "approved", "partly", Payout, [payout.id], ended_at=clock.now())
    note_paid_out([line.commission_id for line in lines if line.live])
    parts = {line.commission_id: Fen(line.paid_fen) for line in lines if not line.live}
    some = {id: fen for id, fen in parts.items() if fen}
    back = put_back(payout.promoter_id, payout.id, list(parts), some)
    tell_ended(payout, arrived, actor=actor)
    post_transactions([back.draft] if back.draft else [], actor=actor)
