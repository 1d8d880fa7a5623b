"""Under which name and by which way somebody is paid: said by the promoter, compared with papers by staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.events import PayeeChecked, PayeeSaid
from tongdao.rewards.settlement.models import Payee, Way
from tongdao.rewards.settlement.refusals import PayeeChanged, PayeeIncomplete

PRECISE = timedelta(milliseconds=1)  # as programs are told a moment


@dataclass(frozen=True, slots=True)
class PayeeTerms:
    """`bank` and `card` where somebody of the shop pays at the bank."""

    way: Way
    real_name: str = field(repr=False)
    bank: str = ""
    card: str = field(default="", repr=False)


def say_payee(promoter_id: UUID, terms: PayeeTerms, *, actor: Actor) -> Payee:
    """Keep how the promoter is paid from now on; what is under way stays as it was. Raises PayeeIncomplete.

    Another name or card than before has not been compared with papers.
    """
    name, card = terms.real_name.strip(), terms.card.replace(" ", "")
    if not name or (terms.way == Way.BANK and not (terms.bank.strip() and card.isdigit())):
        raise PayeeIncomplete()
    before = Payee.objects.select_for_update(no_key=True).filter(promoter_id=promoter_id).first()
    payee = before or Payee(promoter_id=promoter_id)
    if before is None or (before.real_name, before.card or "") != (name, card):
        payee.checked_at, payee.checked_by = None, None
    payee.way, payee.real_name, payee.said_at = terms.way, name, clock.now()
    payee.bank, payee.card = terms.bank.strip(), card or None
    payee.save(force_insert=before is None)
    record(
        PayeeSaid(promoter_id=promoter_id, way=Code(terms.way.value)),
        subject=Subject("payee", payee.id),
        actor=actor,
    )
    return payee


def check_payee(promoter_id: UUID, *, seen: datetime | None = None, actor: Actor) -> None:
    """Staff compared name and card with papers, as they were said at the moment `seen` where it is given.

    Raises NotFound, PayeeChanged.
    """
    payee = Payee.objects.select_for_update(no_key=True).filter(promoter_id=promoter_id).first()
    if payee is None:
        raise NotFound()
    if seen is not None and abs(payee.said_at - seen) >= PRECISE:
        raise PayeeChanged()
    payee.checked_at, payee.checked_by = clock.now(), actor.id
    payee.save(update_fields=["checked_at", "checked_by"])
    record(PayeeChecked(promoter_id=promoter_id), subject=Subject("payee", payee.id), actor=actor)
