"""What the shop offers besides what the law asks of it."""

from __future__ import annotations

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.idempotency import key_id, lock_keys
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.aftersales.events import CarriageOffered
from tongdao.trade.aftersales.models import CarriageOffer


def offer_carriage(offered: bool, *, actor: Actor) -> None:
    """From now on the shop pays for sending goods back whatever the reason, or no more. Orders and cases keep
    what was offered when they began. The same again changes nothing.
    """
    lock_keys([key_id("carriage_offer", str(current_merchant()))])
    row = CarriageOffer.objects.filter(effective_to__isnull=True).first()
    if offered == (row is not None):
        return
    if row is None:
        staff = actor.id if actor.kind == "staff" else None
        row = CarriageOffer.objects.create(staff_id=staff, effective_from=clock.now())
    else:
        row.effective_to = clock.now()
        row.save(update_fields=["effective_to"])
    record(CarriageOffered(offered), subject=row, actor=actor)
