"""One order as its buyer sees it, whole. Runs in the merchant's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tongdao.foundation.clock import beijing_day
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.rulebook import divisions
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import Waiting, groups_awaited
from tongdao.trade.aftersales.models import LineRefunded
from tongdao.trade.orders.models import Allocation, DeliveryAddress, DiscountShare, Order, OrderLine
from tongdao.trade.orders.promises import Promise, promise_of
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.queries import Tracking, trackings_of
from tongdao.trade.story.promised import promised_text
from tongdao.trade.story.steps import Facts, RefundFacts, Step, steps

NO_FEN = Fen(0)
NO_PROMISE = Promise(return_days=0, ship_hours=0)


@dataclass(frozen=True, slots=True)
class StoryCut:
    """What one promotion took off a line. `kind` is one of terms.promotions.models.Kind."""

    promotion_id: UUID
    kind: str
    off_fen: Fen


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A line as it was agreed. The `cuts` sum to what `paid_fen` is below the list price.

    Money for `back_quantity` units went back, `back_fen` with its freight. `promise` is what was promised
    when it was bought; `return_by` its last day in Beijing, None before receipt and where there is none.
    """

    line_id: UUID
    product_id: UUID
    title: str
    option_text: str
    picture: str
    quantity: int
    list_price_fen: Fen
    paid_fen: Fen
    cuts: tuple[StoryCut, ...] = ()
    back_quantity: int = 0
    back_fen: Fen = NO_FEN
    promise: Promise = NO_PROMISE
    return_by: date | None = None

    @property
    def promised(self) -> str:
        """The promise in words."""
        return promised_text(self.promise, self.return_by)

    @property
    def gift(self) -> bool:
        return any(cut.kind == Kind.GIFT for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class OrderStory:
    """Everything that an order page shows. `can_*` say which actions are open to the buyer now."""

    order_id: UUID
    purchase_id: UUID
    number: str
    state: str
    currency: str
    goods_fen: Fen
    freight_fen: Fen
    total_fen: Fen
    recipient: str
    phone: str
    address: str
    lines: tuple[StoryLine, ...]
    steps: tuple[Step, ...]
    parcels: tuple[Tracking, ...]
    refunded_fen: Fen
    pay_by: datetime
    can_pay: bool
    can_close: bool
    can_cancel: bool
    can_confirm: bool

    @property
    def current(self) -> Step | None:
        """What happens now; None when everything is over."""
        return next((step for step in self.steps if step.state == "current"), None)


def order_story(order_id: UUID, *, person_id: UUID | None = None) -> OrderStory:
    """The story of an order; with `person_id`, only of that buyer's. Raises NotFound."""
    mine = Q(pk=order_id) if person_id is None else Q(pk=order_id, person_id__same_as=person_id)
    order = Order.objects.filter(mine).first()
    if order is None:
        raise NotFound()
    address = DeliveryAddress.objects.get(purchase_id=order.purchase_id)
    refunds = list(
        Refund.objects.filter(
            Q(order=order) | Q(order__isnull=True, attempt__purchase_id=order.purchase_id)
        ).order_by("requested_at")
    )
    parcels = trackings_of(order.id)
    awaited = groups_awaited([order.id]).get(order.id)
    packed = Allocation.objects.filter(line__order=order, packed__gt=0).exists()
    region = divisions.full_name(address.division_code, address.division_version)
    return OrderStory(
        order_id=order.id,
        purchase_id=order.purchase_id,
        number=order.number,
        state=order.state,
        currency=order.currency,
        goods_fen=Fen(order.goods_fen),
        freight_fen=Fen(order.freight_fen),
        total_fen=Fen(order.total_fen),
        recipient=address.recipient,
        phone=address.phone,
        address=f"{region} {address.detail}",
        lines=_lines(order),
        steps=steps(_facts(order, parcels, refunds, awaited)),
        parcels=parcels,
        refunded_fen=Fen(sum(refund.amount_fen for refund in refunds)),
        pay_by=order.pay_by,
        can_pay=order.state == "placed",
        can_close=order.state == "placed",
        can_cancel=order.state == "paid" and not packed,
        can_confirm=order.state == "paid" and order.confirm_by is not None,
    )


def _lines(order: Order) -> tuple[StoryLine, ...]:
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    cuts = _cuts([line.id for line in lines])
    back = {row.line_id: row for row in LineRefunded.objects.filter(line__in=lines)}
    received = beijing_day(order.completed_at) if order.completed_at else None
    promises = {line.id: promise_of(line.policies) for line in lines}
    return tuple(
        StoryLine(
            line_id=line.id,
            product_id=line.product_id,
            title=line.title,
            option_text=line.option_text,
            picture=line.picture,
            quantity=line.quantity,
            list_price_fen=Fen(line.list_price_fen),
            paid_fen=Fen(line.paid_fen),
            cuts=tuple(cuts[line.id]),
            back_quantity=back[line.id].quantity if line.id in back else 0,
            back_fen=Fen(back[line.id].fen if line.id in back else 0),
            promise=promises[line.id],
            return_by=promises[line.id].last_return_day(received) if received else None,
        )
        for line in lines
    )


def _cuts(line_ids: Collection[UUID]) -> defaultdict[UUID, list[StoryCut]]:
    found: defaultdict[UUID, list[StoryCut]] = defaultdict(list)
    for row in DiscountShare.objects.filter(line_id__in=line_ids).order_by("promotion_id"):
        found[row.line_id].append(StoryCut(row.promotion_id, row.kind, Fen(row.amount_fen)))
    return found


def _facts(
    order: Order, parcels: Sequence[Tracking], refunds: Sequence[Refund], awaited: Waiting | None
) -> Facts:
    shipped = [parcel.shipped_at for parcel in parcels if parcel.shipped_at]
    arrived = [parcel.delivered_at for parcel in parcels if parcel.delivered_at]
    return Facts(
        state=order.state,
        close_reason=order.close_reason,
        placed_at=order.placed_at,
        pay_by=order.pay_by,
        paid_at=order.paid_at,
        ship_by=None if awaited else order.ship_by,  # counts from the group's forming
        shipped_at=max(shipped) if shipped and order.confirm_by else None,
        delivered_at=max(arrived) if arrived and len(arrived) == len(parcels) else None,
        confirm_by=order.confirm_by,
        completed_at=order.completed_at,
        closed_at=order.closed_at,
        group_by=awaited.deadline if awaited else None,
        seats_missing=awaited.size - awaited.paid if awaited else 0,
        refunds=[
            RefundFacts(
                refund.reason, refund.state, refund.amount_fen, refund.requested_at, refund.succeeded_at
            )
            for refund in refunds
        ],
    )


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a buyer's list, at one merchant or several."""

    order_id: UUID
    merchant_id: UUID
    number: str
    state: str
    total_fen: Fen
    placed_at: datetime


def orders_of(person_id: UUID, *, limit: int = 50) -> list[OrderCard]:
    """A buyer's orders, newest first. In a person_scope (all merchants) or a merchant_scope (that one)."""
    rows = Order.objects.filter(person_id__same_as=person_id).order_by("-placed_at")[:limit]
    return [
        OrderCard(row.id, row.merchant_id, row.number, row.state, Fen(row.total_fen), row.placed_at)
        for row in rows
    ]
