"""A buyer's orders, at all merchants."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Router, Schema

from tongdao.faces.api.access import Call, as_person, merchant_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page
from tongdao.faces.api.stories import OrderOut, order_out
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.operations import complete_order
from tongdao.trade.story.queries import order_story

router = Router(tags=["orders"])
CancelReason = Literal["changed_mind", "wrong_item", "wrong_address", "too_slow", "other"]


class OrderCardOut(Schema):
    order_id: UUID
    number: str
    state: str
    total_fen: int
    currency: str
    placed_at: datetime
    ship_by: datetime | None


class CancelIn(Input):
    reason: CancelReason


@operation(router, "GET", "/orders", need="person", answer=Page[OrderCardOut])
def list_orders(request: Call, limit: Limit = 20, offset: Offset = 0) -> Page[OrderCardOut]:
    """My orders at all merchants, newest first."""
    with person_scope(request.auth.id):
        rows = list(Order.objects.order_by("-placed_at", "-id")[offset : offset + limit + 1])
    return Page(items=[order_card(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(router, "GET", "/orders/{order_id}", need="person", answer=OrderOut, refuses=[404])
def read_order(request: Call, order_id: UUID) -> OrderOut:
    """An order of mine: what happened, what comes next and by when."""
    merchant_id = merchant_of(Order, order_id, request.auth.id)
    with merchant_scope(merchant_id):
        return order_out(order_story(order_id, person_id=request.auth.id), masked=False)


@operation(router, "POST", "/orders/{order_id}/confirm", need="person", answer=OrderOut, refuses=[404, 409])
def confirm_receipt(request: Call, order_id: UUID) -> OrderOut:
    """I have the goods. Confirming again is no error."""
    merchant_id = merchant_of(Order, order_id, request.auth.id)
    with merchant_scope(merchant_id):
        complete_order(order_id, actor=as_person(request))
        return order_out(order_story(order_id, person_id=request.auth.id), masked=False)


@operation(router, "POST", "/orders/{order_id}/cancel", need="person", answer=OrderOut, refuses=[404, 409])
def cancel_my_order(request: Call, order_id: UUID, body: CancelIn) -> OrderOut:
    """Cancel a paid order before anything is shipped; all of the money goes back. Again is no error."""
    merchant_id = merchant_of(Order, order_id, request.auth.id)
    with merchant_scope(merchant_id):
        cancel_order(order_id, reason=body.reason, actor=as_person(request))
        return order_out(order_story(order_id, person_id=request.auth.id), masked=False)


def order_card(row: Order) -> OrderCardOut:
    return OrderCardOut(
        order_id=row.id,
        number=row.number,
        state=row.state,
        total_fen=row.total_fen,
        currency=row.currency,
        placed_at=row.placed_at,
        ship_by=row.ship_by,
    )
