"""A dispute with all that an arbiter weighs. Read in the merchant's scope; who read it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.faces.operator.reading.asking import on_platform, rows
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.queries import CaseView, case_view
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.queries import DisputeView, dispute_view
from tongdao.trade.shipping.queries import Tracking, trackings_of
from tongdao.trade.talk.models import Message, Side

READ = "dispute.read"
MOST_SAID = 200  # messages of the conversation that are shown, the latest
_EARLIER = """
select state, count(*) from after_sale where merchant_id = %s and person_id = %s and id <> %s
  and kind <> 'cancel' group by 1 order by 1
"""
_RULED = """
select r.outcome, count(*) from dispute_ruling r join dispute d
  on d.merchant_id = r.merchant_id and d.id = r.dispute_id
where r.merchant_id = %s and d.ended_at is not null and d.id <> %s
  and r.round = (select max(l.round) from dispute_ruling l
    where l.merchant_id = r.merchant_id and l.dispute_id = r.dispute_id)
group by 1 order by 1
"""
_LOG = """
select at, name, actor_kind, reason from event
where merchant_id = %s and (subject_id = %s or subject_id = %s) order by seq
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the case or of the dispute, from the log."""

    at: datetime
    name: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the conversation between buyer and shop."""

    side: Side
    text: str
    at: datetime
    files: int


@dataclass(frozen=True, slots=True)
class Arbitration:
    """`earlier`: this buyer's other cases at the merchant, by state; `ruled`: the merchant's ended disputes,
    by outcome.
    """

    merchant_id: UUID
    dispute: DisputeView
    case: CaseView
    parcels: Sequence[Tracking]
    spoken: Sequence[Spoken]
    log: Sequence[Told]
    earlier: Mapping[str, int]
    ruled: Mapping[str, int]


def merchant_of(dispute_id: UUID) -> UUID:
    """Raises NotFound."""
    found: UUID | None = (
        on_platform(Dispute).filter(pk=dispute_id).values_list("merchant_id", flat=True).first()
    )
    if found is None:
        raise NotFound()
    return found


def arbitration(dispute_id: UUID, *, actor: Actor) -> Arbitration:
    """All of it. That this operator read it is noted once. Raises NotFound."""
    merchant_id = merchant_of(dispute_id)
    with merchant_scope(merchant_id):
        note_reading(dispute_id, merchant_id, actor=actor)
        dispute = dispute_view(dispute_id)
        case = case_view(dispute.row.aftersale_id)
        parcels, spoken = trackings_of(case.row.order_id), _spoken(case.row.order_id)
    about = [merchant_id, str(dispute_id), str(case.row.id)]
    return Arbitration(
        merchant_id=merchant_id,
        dispute=dispute,
        case=case,
        parcels=parcels,
        spoken=spoken,
        log=[Told(*each) for each in rows(_LOG, about)],
        earlier=dict(rows(_EARLIER, [merchant_id, case.row.person_id, case.row.id])),
        ruled=dict(rows(_RULED, [merchant_id, dispute_id])),
    )


def note_reading(dispute_id: UUID, merchant_id: UUID, *, actor: Actor) -> None:
    """What two sides said in private is read to decide between them, and by nobody unnamed."""
    seen = OperatorDeed.objects.filter(act=READ, subject_id=str(dispute_id), person_id=actor.id)
    if not seen.exists():
        about = ("dispute", dispute_id)
        note_deed(READ, about, actor=actor, reason="arbitration", merchant_id=merchant_id)


def _spoken(order_id: UUID) -> list[Spoken]:
    rows = Message.objects.filter(talk__order_id=order_id, talk__promoter_id__isnull=True)
    latest = list(rows.order_by("-seq")[:MOST_SAID])
    return [Spoken(Side(row.side), row.text or "", row.at, row.files) for row in reversed(latest)]
