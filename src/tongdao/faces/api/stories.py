"""An order as it is told: what happened, what comes next and by when."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.pictures import picture_url
from tongdao.foundation.pii import mask_address, mask_name, mask_phone
from tongdao.terms.promotions.queries import groups_awaited
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.queries import Tracking
from tongdao.trade.story.queries import OrderStory, StoryLine
from tongdao.trade.story.steps import Step


class StepOut(Schema):
    code: str
    title: str
    text: str
    state: str = Field(description="done, current or next")
    at: datetime | None
    by: datetime | None = Field(description="When it happens at the latest")


class ScanOut(Schema):
    at: datetime
    status: str
    status_name: str
    text: str = Field(description="The carrier's own words")
    area: str


class TrackingOut(Schema):
    parcel_id: UUID
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    status_name: str
    what_next: str
    next_by: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    scans: list[ScanOut] = Field(description="The newest first")


class OrderRefundOut(Schema):
    refund_id: UUID
    amount_fen: int
    currency: str
    reason: str
    state: str
    requested_at: datetime
    succeeded_at: datetime | None


class LineCutOut(Schema):
    promotion_id: UUID
    kind: str
    off_fen: int


class OrderLineOut(Schema):
    line_id: UUID
    product_id: UUID
    title: str
    option_text: str
    picture_url: str | None
    quantity: int
    list_price_fen: int
    paid_fen: int
    cuts: list[LineCutOut] = Field(description="What promotions took off all its units")
    gift: bool
    refunded_quantity: int
    refunded_fen: int
    return_days: int = Field(description="Promised when it was bought; 0: not without a reason")
    return_exclusion: str = Field(description="Why it was excluded, or empty")
    return_consented: bool = Field(description="The buyer gave up the days on this order")
    return_by: date | None = Field(description="The last day of it in Beijing; null before receipt")
    promise: str


class DeliveryOut(Schema):
    recipient: str
    phone: str
    address: str


class OrderOut(Schema):
    """`can_*` say what the buyer may do now."""

    order_id: UUID
    purchase_id: UUID
    number: str
    state: str
    currency: str
    goods_fen: int
    freight_fen: int
    total_fen: int
    delivery: DeliveryOut
    lines: list[OrderLineOut]
    group_id: UUID | None = Field(description="Of the buying group that it waits for")
    timeline: list[StepOut]
    current: StepOut | None = Field(description="What happens now; null when everything is over")
    parcels: list[TrackingOut]
    refunds: list[OrderRefundOut]
    refunded_fen: int
    pay_by: datetime
    can_pay: bool
    can_close: bool
    can_cancel: bool
    can_confirm: bool


def order_out(story: OrderStory, *, masked: bool) -> OrderOut:
    """The story as an answer; `masked` hides who and where. In the merchant's scope."""
    awaited = groups_awaited([story.order_id]).get(story.order_id)
    refunds = Refund.objects.filter(order_id=story.order_id).order_by("requested_at", "id")
    return OrderOut(
        order_id=story.order_id,
        purchase_id=story.purchase_id,
        number=story.number,
        state=story.state,
        currency=story.currency,
        goods_fen=story.goods_fen,
        freight_fen=story.freight_fen,
        total_fen=story.total_fen,
        delivery=_delivery(story, masked),
        lines=[_line(line) for line in story.lines],
        group_id=awaited.group_id if awaited else None,
        timeline=[_step(step) for step in story.steps],
        current=_step(story.current) if story.current else None,
        parcels=[tracking_out(parcel) for parcel in story.parcels],
        refunds=[refund_out(refund) for refund in refunds],
        refunded_fen=story.refunded_fen,
        pay_by=story.pay_by,
        can_pay=story.can_pay,
        can_close=story.can_close,
        can_cancel=story.can_cancel,
        can_confirm=story.can_confirm,
    )


def _delivery(story: OrderStory, masked: bool) -> DeliveryOut:
    if not masked:
        return DeliveryOut(recipient=story.recipient, phone=story.phone, address=story.address)
    return DeliveryOut(
        recipient=mask_name(story.recipient),
        phone=mask_phone(story.phone),
        address=mask_address(story.address),
    )


def _line(line: StoryLine) -> OrderLineOut:
    return OrderLineOut(
        line_id=line.line_id,
        product_id=line.product_id,
        title=line.title,
        option_text=line.option_text,
        picture_url=picture_url(line.picture),
        quantity=line.quantity,
        list_price_fen=line.list_price_fen,
        paid_fen=line.paid_fen,
        cuts=[LineCutOut.from_orm(cut) for cut in line.cuts],
        gift=line.gift,
        refunded_quantity=line.back_quantity,
        refunded_fen=line.back_fen,
        return_days=line.promise.return_days,
        return_exclusion=line.promise.exclusion.code if line.promise.exclusion else "",
        return_consented=line.promise.consented,
        return_by=line.return_by,
        promise=line.promised,
    )


def _step(step: Step) -> StepOut:
    return StepOut(code=step.code, title=step.title, text=step.text, state=step.state, at=step.at, by=step.by)


def tracking_out(parcel: Tracking) -> TrackingOut:
    return TrackingOut.model_validate(parcel)


def refund_out(refund: Refund) -> OrderRefundOut:
    return OrderRefundOut(
        refund_id=refund.id,
        amount_fen=refund.amount_fen,
        currency=refund.currency,
        reason=refund.reason,
        state=refund.state,
        requested_at=refund.requested_at,
        succeeded_at=refund.succeeded_at,
    )
