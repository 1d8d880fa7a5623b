"""Taking back how one is paid: as easy as saying it was."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.rewards.settlement.events import PayeeForgotten
from tongdao.rewards.settlement.models import Payee


def forget_payee(promoter_id: UUID, *, actor: Actor) -> bool:
    """Name and card are gone, so nothing more is proposed; what is under way goes on. False: none said."""
    row = Payee.objects.select_for_update(no_key=True).filter(promoter_id=promoter_id).first()
    if row is None:
        return False
    record(PayeeForgotten(promoter_id=promoter_id), subject=Subject("payee", row.id), actor=actor)
    row.delete()
    return True
