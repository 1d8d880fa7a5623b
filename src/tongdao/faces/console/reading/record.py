"""One order whole, as the desk sees it: its facts, its money, and what happened, from the event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from tongdao.faces.console.reading.people import shown_names
from tongdao.finance.ledger.queries import TransactionView, transactions_of
from tongdao.foundation.events import Event, Subject, timeline
from tongdao.foundation.money import Fen
from tongdao.foundation.pii import mask_address, mask_name, mask_phone
from tongdao.foundation.refusals import NotFound
from tongdao.party.network.models import Promoter
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.queries import Used, Waiting, groups_awaited, uses_of
from tongdao.trade.aftersales.models import AfterSale, AfterSaleShare
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.orders.models import DeliveryAddress, DiscountShare, Order, OrderLine, WaterfallShare
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt, Refund
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.story.queries import OrderStory, order_story

MOST_EVENTS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the name of who did it, where that is known."""

    event: Event
    who: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where it goes; masked unless it was asked for in full."""

    recipient: str
    phone: str
    address: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """What a promotion took off a line, for all its units."""

    line_id: UUID
    kind: str
    title: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of beneficiary has of the order, in fen."""

    kind: str
    name: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Record:
    """`events`: the oldest first. `awaited`: the group that has to form before it is packed."""

    order: Order
    story: OrderStory
    delivery: Delivery
    parcels: Sequence[Parcel]
    refunds: Sequence[Refund]
    events: Sequence[Told]
    promoters: Sequence[str]
    cuts: Sequence[Cut]
    uses: Sequence[Used]
    awaited: Waiting | None


def record_of(order_id: UUID) -> Record:
    """Raises NotFound."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    story = order_story(order.id)
    parcels = list(Parcel.objects.filter(order=order).order_by("requested_at", "id"))
    refunds = list(
        Refund.objects.filter(attempt__purchase_id=order.purchase_id).order_by("requested_at", "id")
    )
    delivery = Delivery(
        mask_name(story.recipient), mask_phone(story.phone), mask_address(story.address), masked=True
    )
    mine = [refund for refund in refunds if refund.order_id in (None, order.id)]
    uses = uses_of([order.id]).get(order.id, ())
    return Record(
        order=order,
        story=story,
        delivery=delivery,
        parcels=parcels,
        refunds=mine,
        events=_told(order, parcels, mine, uses),
        promoters=_promoters(order),
        cuts=_cuts(order),
        uses=uses,
        awaited=groups_awaited([order.id]).get(order.id),
    )


def _cuts(order: Order) -> list[Cut]:
    shares = list(DiscountShare.objects.filter(line__order=order).order_by("line__position", "id"))
    titles = dict(
        Promotion.objects.filter(pk__in={share.promotion_id for share in shares}).values_list("id", "title")
    )
    return [
        Cut(share.line_id, share.kind, titles.get(share.promotion_id, ""), Fen(share.amount_fen))
        for share in shares
    ]


def _told(
    order: Order, parcels: Sequence[Parcel], refunds: Sequence[Refund], uses: Sequence[Used]
) -> list[Told]:
    """The logs of the order and of all that belongs to it, in the order of their happening."""
    subjects = [Subject("order", order.id)]
    subjects += [Subject("buying_group", use.group_id) for use in uses if use.group_id]
    subjects += [Subject("parcel", parcel.id) for parcel in parcels]
    subjects += [Subject("refund", refund.id) for refund in refunds]
    subjects += _of("delivery_address", DeliveryAddress.objects.filter(purchase_id=order.purchase_id))
    subjects += _of("payment_attempt", PaymentAttempt.objects.filter(purchase_id=order.purchase_id))
    subjects += _of("after_sale", AfterSale.objects.filter(order=order))
    subjects += _of("dispute", Dispute.objects.filter(order_id=order.id))
    subjects += _of("review", Review.objects.filter(line__order=order))
    return told_of(subjects)


def told_of(subjects: Sequence[Subject]) -> list[Told]:
    """Their logs as one, the oldest first."""
    events = [event for subject in subjects for event in timeline(subject, limit=MOST_EVENTS)]
    events.sort(key=lambda event: (event.at, event.seq))
    names = shown_names(event.actor for event in events)
    return [Told(event, names.get(event.actor, "") if event.actor else "") for event in events]


def _of(noun: str, rows: object) -> list[Subject]:
    ids: Sequence[UUID] = rows.values_list("id", flat=True)  # type: ignore[attr-defined]  # any model's rows
    return [Subject(noun, id) for id in ids]


def _promoters(order: Order) -> list[str]:
    ids = OrderLine.objects.filter(order=order, promoter_id__isnull=False).values_list(
        "promoter_id", flat=True
    )
    return [row.shown_name for row in Promoter.objects.filter(pk__in=list(ids)).order_by("id")]


def shares_of(order_id: UUID) -> list[Share]:
    """Where the money of an order goes that was not given back, the largest first, by kind and promoter."""
    rows = WaterfallShare.objects.filter(line__order_id=order_id).values_list(
        "kind", "beneficiary", "amount_fen", "id"
    )
    given = AfterSaleShare.objects.filter(share__line__order_id=order_id).order_by().values_list("share_id")
    given_up = dict(given.annotate(fen=Sum("amount_fen")))
    sums: dict[tuple[str, UUID | None], int] = {}
    for kind, beneficiary, agreed, share_id in rows:
        fen = agreed - int(given_up.get(share_id, 0))
        key = (kind, beneficiary if kind == "promoter" else None)
        sums[key] = sums.get(key, 0) + fen
    promoters = Promoter.objects.filter(pk__in=[id for _kind, id in sums if id])
    names = {row.id: row.shown_name for row in promoters}
    shares = [
        Share(kind, names.get(id, "") if id else "", Fen(fen)) for (kind, id), fen in sums.items() if fen
    ]
    return sorted(shares, key=lambda share: -share.fen)


def postings_of(record: Record) -> list[TransactionView]:
    """What was posted for the order, its payments and its refunds, the oldest first."""
    attempts = PaymentAllocation.objects.filter(order=record.order).values_list("attempt_id", flat=True)
    subjects = [record.order.id, *attempts, *(refund.id for refund in record.refunds)]
    found = [view for subject in subjects for view in transactions_of(subject)]
    return sorted(found, key=lambda view: (view.at, view.id))
