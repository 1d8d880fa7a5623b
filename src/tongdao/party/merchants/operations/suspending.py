"""The platform keeps a merchant from taking new orders, and lets it again."""

from __future__ import annotations

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.events import Code, Subject, record
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import MerchantResumed, MerchantSuspended
from tongdao.party.merchants.models import Merchant, Suspension, SuspensionReason
from tongdao.party.merchants.refusals import AlreadySuspended, ShopSuspended

_SELLING = """
select (select fee_bps from merchant_account
    where merchant_id = %s and channel = %s and effective_to is null),
  exists (select from suspension where merchant_id = %s and ended_at is null)
"""


def suspend_merchant(reason: SuspensionReason, *, actor: Actor, why: str) -> Suspension:
    """No new orders from now on. Only the platform does it. `why`: the operator's own words, on record.

    Raises NotAllowed, AlreadySuspended or ReasonNeeded.
    """
    _lock(actor)
    if Suspension.objects.filter(ended_at__isnull=True).exists():
        raise AlreadySuspended()
    row = Suspension.objects.create(reason=reason.value, since=clock.now())
    event = MerchantSuspended(suspension_id=row.id)
    record(event, subject=_subject(), actor=actor, reason=reason.value, new={"reason": Code(reason.value)})
    _note("merchant.suspend", actor, why)
    return row


def resume_merchant(*, actor: Actor, why: str) -> None:
    """It may sell again. Raises NotAllowed, NotFound where it is not suspended, or ReasonNeeded."""
    _lock(actor)
    row = Suspension.objects.filter(ended_at__isnull=True).first()
    if row is None:
        raise NotFound()
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    record(MerchantResumed(suspension_id=row.id), subject=_subject(), actor=actor)
    _note("merchant.resume", actor, why)


def ask_selling(channel: str = "wechatpay") -> Asking[int]:
    """What the channel keeps of each payment, in basis points; 0 while there is no account.

    Asked for each quote, so it is also where a suspended merchant stops: raises ShopSuspended.
    """
    rows = yield from ask(_SELLING, [current_merchant(), channel, current_merchant()])
    fee_bps, suspended = rows[0]
    if suspended:
        raise ShopSuspended()
    return int(fee_bps or 0)


def _lock(actor: Actor) -> None:
    if actor.kind != "operator":
        raise NotAllowed()
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())


def _subject() -> Subject:
    return Subject("merchant", current_merchant())


def _note(act: str, actor: Actor, why: str) -> None:
    merchant = current_merchant()
    note_deed(act, ("merchant", merchant), actor=actor, reason=why, merchant_id=merchant)
