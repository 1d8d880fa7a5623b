"""One member: what it bought, and what happened, from the event log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Min, Sum

from tongdao.crm.metrics.models import MemberFacts
from tongdao.faces.console.reading.people import shown_names, sign_in_names
from tongdao.faces.console.reading.record import Told
from tongdao.faces.lists.nouns.members import half_hidden
from tongdao.foundation.events import Event, Subject, timeline
from tongdao.foundation.pii import mask_name
from tongdao.foundation.refusals import NotFound
from tongdao.party.members.consents import consents_of
from tongdao.party.members.models import Member, MemberMerge
from tongdao.party.people.consents import ConsentState
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
    """`name` and `sign_in` are hidden in part. `facts` and `orders` are of all accounts that count as this
    person, `others` the members that were other ones before. `events`: latest first. `numbers`: of orders, by
    subject.
    """

    member: Member
    facts: MemberFacts
    others: Sequence[MemberMerge]
    consents: Sequence[ConsentState]
    name: str
    sign_in: str
    orders: Sequence[Order]
    events: Sequence[Told]
    numbers: Mapping[UUID, str]


def member_record(member_id: UUID, language: str = "zh-hans") -> MemberRecord:
    """Raises NotFound."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    person = member.person_id
    orders = list(Order.objects.filter(person_id__same_as=person).order_by("-placed_at", "-id")[:ORDERS])
    refunds = list(Refund.objects.filter(order__in=orders).order_by("-id")[:ORDERS])
    numbers = {order.id: order.number for order in orders}
    numbers |= {row.id: numbers[row.order_id] for row in refunds if row.order_id in numbers}
    sign_in = half_hidden(sign_in_names([person]).get(person, ""))
    name = shown_names([person]).get(person, "")
    return MemberRecord(
        member=member,
        facts=_facts(member),
        others=list(MemberMerge.objects.filter(member_id=member_id, parted_at=None).order_by("merged_at")),
        consents=consents_of(person, language),
        name=mask_name(name) if name else "",
        sign_in=sign_in,
        orders=orders,
        events=_events(member, orders, refunds),
        numbers=numbers,
    )


def _facts(member: Member) -> MemberFacts:
    """The sums of all accounts that count as this person; not a row of the table."""
    rows = MemberFacts.objects.filter(person_id__same_as=member.person_id)
    sums = {name: Sum(name, default=0) for name in ("orders_paid", "paid_fen", "refunded_fen")}
    found = rows.aggregate(**sums, first_paid_at=Min("first_paid_at"), last_paid_at=Max("last_paid_at"))
    return MemberFacts(person_id=member.person_id, merchant_id=member.merchant_id, **found)


def _events(member: Member, orders: Sequence[Order], refunds: Sequence[Refund]) -> list[Told]:
    reviews = Review.objects.filter(person_id__same_as=member.person_id).order_by("-written_at")[:ORDERS]
    subjects = [Subject("member", member.id), *(Subject("order", order.id) for order in orders)]
    subjects += [Subject("refund", refund.id) for refund in refunds]
    subjects += [Subject("review", review.id) for review in reviews]
    found: list[Event] = [event for one in subjects for event in timeline(one, limit=OF_EACH)]
    told = [event for event in found if event.name in TOLD]
    told.sort(key=lambda event: (event.at, event.seq), reverse=True)
    names = shown_names(event.actor for event in told if event.actor_kind == "staff")
    return [Told(event, names.get(event.actor, "") if event.actor else "") for event in told[:EVENTS]]
