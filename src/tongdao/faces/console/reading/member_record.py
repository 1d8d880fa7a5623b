"""One member: what it bought, and what happened, from the event log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.crm.metrics.models import MemberFacts
from tongdao.faces.console.reading.people import shown_names, sign_in_names
from tongdao.faces.console.reading.record import Told
from tongdao.faces.lists.nouns.members import half_hidden
from tongdao.foundation.events import Event, Subject, timeline
from tongdao.foundation.pii import mask_name
from tongdao.foundation.refusals import NotFound
from tongdao.party.members.models import Member
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund
from tongdao.trade.reviews.models import Review

ORDERS = 20
EVENTS = 60
OF_EACH = 12
TOLD = (
    *("member.joined", "order.placed", "order.paid", "order.cancelled", "order.closed", "order.completed"),
    *("refund.completed", "refund.failed", "review.written", "review.followed_up"),
)


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """`name` and `sign_in` are hidden in part. `events`: latest first. `numbers`: of orders, by subject."""

    member: Member
    facts: MemberFacts
    name: str
    sign_in: str
    orders: Sequence[Order]
    events: Sequence[Told]
    numbers: Mapping[UUID, str]


def member_record(member_id: UUID) -> MemberRecord:
    """Raises NotFound."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    person = member.person_id
    facts = MemberFacts.objects.filter(person_id=person).first()
    orders = list(Order.objects.filter(person_id=person).order_by("-placed_at", "-id")[:ORDERS])
    refunds = list(Refund.objects.filter(order__in=orders).order_by("-id")[:ORDERS])
    numbers = {order.id: order.number for order in orders}
    numbers |= {row.id: numbers[row.order_id] for row in refunds if row.order_id in numbers}
    sign_in = half_hidden(sign_in_names([person]).get(person, ""))
    name = shown_names([person]).get(person, "")
    events = _events(member, orders, refunds)
    unknown = MemberFacts(person_id=person, merchant_id=member.merchant_id, joined_at=member.joined_at)
    return MemberRecord(
        member, facts or unknown, mask_name(name) if name else "", sign_in, orders, events, numbers
    )


def _events(member: Member, orders: Sequence[Order], refunds: Sequence[Refund]) -> list[Told]:
    reviews = Review.objects.filter(person_id=member.person_id).order_by("-written_at")[:ORDERS]
    subjects = [Subject("member", member.id), *(Subject("order", order.id) for order in orders)]
    subjects += [Subject("refund", refund.id) for refund in refunds]
    subjects += [Subject("review", review.id) for review in reviews]
    found: list[Event] = [event for one in subjects for event in timeline(one, limit=OF_EACH)]
    told = [event for event in found if event.name in TOLD]
    told.sort(key=lambda event: (event.at, event.seq), reverse=True)
    names = shown_names(event.actor for event in told if event.actor_kind == "staff")
    return [Told(event, names.get(event.actor, "") if event.actor else "") for event in told[:EVENTS]]
