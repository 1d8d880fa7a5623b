"""A merchant's orders, as its staff sees them. Who and where is masked; looking is on record."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.orders import CancelIn, OrderCardOut, order_card
from tongdao.faces.api.shapes import Input, Limit, Offset, Page
from tongdao.faces.api.stories import DeliveryOut, OrderOut, OrderRefundOut, order_out, refund_out
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import request_id
from tongdao.trade.aftersales.operations import RefundWish, cancel_order
from tongdao.trade.aftersales.queue import Asked, submit
from tongdao.trade.orders.models import Order
from tongdao.trade.shipping.operations import unmask_delivery
from tongdao.trade.shipping.queries import orders_to_ship, shippable
from tongdao.trade.story.queries import order_story

router = Router(tags=["desk"])

if TYPE_CHECKING:
    OrderFilters = Filters
else:
    OrderFilters = filters_of("orders")


class UnitsOut(Schema):
    """Units of a line that are not packed yet."""

    allocation_id: UUID
    title: str
    option_text: str
    sku_code: str
    left: int


class LineBackIn(Input):
    line_id: UUID
    quantity: int = Field(strict=True, ge=1, le=1_000_000)


class GiveBackIn(Input):
    lines: list[LineBackIn] = Field(min_length=1, max_length=100)
    freight: Literal["none", "share", "rest"] = Field(
        "share", description="Of freight. While nothing is packed, always the units' share"
    )
    reason: Literal["damaged", "missing", "wrong_item", "quality", "too_late", "agreed", "other"]
    case_id: UUID | None = Field(None, description="An id of your own: again with it changes nothing")
    expected_fen: int | None = Field(None, description="Refuse it if it comes to another amount")

    def wish(self, order_id: UUID) -> RefundWish:
        units: Counter[UUID] = Counter()
        for line in self.lines:
            units[line.line_id] += line.quantity
        return RefundWish(
            order_id,
            units,
            self.freight,
            self.reason,
            self.case_id,
            self.expected_fen,
            request_id.get(),
        )


class LineBackOut(Schema):
    line_id: UUID
    quantity: int
    refund_fen: int = Field(description="For these units, freight included")
    freight_fen: int


class GivenBackOut(Schema):
    case_id: UUID
    refund: OrderRefundOut
    lines: list[LineBackOut]


class DeskOrderOut(Schema):
    order: OrderOut
    to_pack: list[UnitsOut]


@operation(router, "GET", "/merchants/{merchant_id}/orders", need="orders.read", answer=Page[OrderCardOut])
def list_merchant_orders(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[OrderFilters, Query()],
    to_ship: Annotated[
        bool, Query(description="Only paid ones with units left, the longest waiting first")
    ] = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[OrderCardOut]:
    """Orders, newest first."""
    if to_ship:
        ids = [order.order_id for order in orders_to_ship(limit + 1, offset)]
        rows = sorted(Order.objects.filter(pk__in=ids), key=lambda row: ids.index(row.id))
    else:
        rows = rows_of(LISTS["orders"], filters, limit + 1, offset)
    return Page(items=[order_card(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/orders/{order_id}",
    need="orders.read",
    answer=DeskOrderOut,
)
def read_merchant_order(request: Call, merchant_id: UUID, order_id: UUID) -> DeskOrderOut:
    """An order, and what of it is still to be packed."""
    story = order_out(order_story(order_id), masked=True)
    found = shippable(order_id)
    units = [UnitsOut.model_validate(line) for line in found.lines] if found else []
    return DeskOrderOut(order=story, to_pack=units)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/orders/{order_id}/cancel",
    need="orders.serve",
    answer=OrderOut,
    refuses=[409],
)
def cancel_merchant_order(request: Call, merchant_id: UUID, order_id: UUID, body: CancelIn) -> OrderOut:
    """Cancel a paid order for its buyer before anything is shipped. Again is no error."""
    cancel_order(order_id, reason=body.reason, actor=as_staff(request))
    return order_out(order_story(order_id), masked=True)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/orders/{order_id}/refunds",
    need="orders.refund",
    answer=GivenBackOut,
    status=201,
    refuses=[409],
    inside=False,
)
def give_money_back(request: Call, merchant_id: UUID, order_id: UUID, body: GiveBackIn) -> GivenBackOut:
    """Give back what was paid for some units, as often as some are left. The same `case_id` does it once."""
    return given_back(merchant_id, order_id, body, as_staff(request))


def given_back(merchant_id: UUID, order_id: UUID, body: GiveBackIn, actor: Actor) -> GivenBackOut:
    """The end of both ways in: ninja's, and the fast lane (lane.py). What `actor` may is asked under way."""
    given = submit(merchant_id, Asked(body.wish(order_id), actor))
    return GivenBackOut.model_construct(  # our own values: nothing to check
        case_id=given.case.id,
        refund=refund_out(given.refund),
        lines=[LineBackOut.model_validate(line, from_attributes=True) for line in given.lines],
    )


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/orders/{order_id}/unmask",
    need="orders.serve",
    answer=DeliveryOut,
)
def unmask_order(request: Call, merchant_id: UUID, order_id: UUID) -> DeliveryOut:
    """Name, phone and address of a paid order in full. That I looked is on record."""
    to = unmask_delivery(order_id, actor=as_staff(request))
    return DeliveryOut(recipient=to.name, phone=to.phone, address=to.address)
