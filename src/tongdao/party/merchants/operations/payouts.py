"""From how much on promoters are paid out."""

from __future__ import annotations

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import PayoutMinimumSet
from tongdao.party.merchants.models import Merchant, PayoutMinimum
from tongdao.party.merchants.queries import payout_minimum
from tongdao.party.merchants.refusals import PayoutMinimumInvalid
from tongdao.rulebook.wechat import TRANSFER_MAX_FEN, TRANSFER_MIN_FEN


def set_payout_minimum(least: Fen, *, actor: Actor) -> None:
    """This holds from the next proposal on; the same again changes nothing. Raises PayoutMinimumInvalid.

    The bounds are those of one transfer: less cannot be sent, and nobody waits for more than one can carry.
    """
    now = clock.now()
    lowest, highest = TRANSFER_MIN_FEN.on(now), TRANSFER_MAX_FEN.on(now)
    if not lowest <= least <= highest:
        raise PayoutMinimumInvalid()
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())  # one at a time
    before = payout_minimum()
    if least == before:
        return
    PayoutMinimum.objects.filter(effective_to__isnull=True).update(effective_to=now)
    PayoutMinimum.objects.create(least_fen=least, effective_from=now)
    record(
        PayoutMinimumSet(least_fen=least),
        subject=Subject("merchant", current_merchant()),
        actor=actor,
        old={"least_fen": before},
        new={"least_fen": least},
    )
