"""Reading in full under which name and to which card money goes: whoever does it is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.events import PayeeUnmasked
from tongdao.rewards.settlement.models import Payee, Payout


@dataclass(frozen=True, slots=True)
class Revealed:
    """`said_at`: when the promoter said so."""

    real_name: str = field(repr=False)
    bank: str
    card: str = field(repr=False)
    said_at: datetime | None = None


def unmask_payee(promoter_id: UUID, *, actor: Actor) -> Revealed:
    """What the promoter says now, for comparing it with papers. Raises NotFound."""
    payee = Payee.objects.filter(promoter_id=promoter_id).first()
    if payee is None:
        raise NotFound()
    record(PayeeUnmasked(promoter_id=promoter_id), subject=Subject("payee", payee.id), actor=actor)
    return Revealed(payee.real_name, payee.bank, payee.card or "", payee.said_at)


def unmask_payout(payout_id: UUID, *, actor: Actor) -> Revealed:
    """Whom somebody of the shop pays at the bank. Raises NotFound unless it waits for that."""
    payout = Payout.objects.filter(pk=payout_id, way="bank", state="approved").first()
    if payout is None:
        raise NotFound()
    record(PayeeUnmasked(promoter_id=payout.promoter_id), subject=Subject("payout", payout.id), actor=actor)
    payee = Payee.objects.filter(promoter_id=payout.promoter_id).first()
    same = payee is not None and payee.card == payout.card
    return Revealed(payout.real_name, payee.bank if payee and same else "", payout.card or "")
