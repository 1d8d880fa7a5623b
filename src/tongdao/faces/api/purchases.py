"""Placing a purchase, and giving up one that is not paid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Header, Router, Schema, Status

from tongdao.faces.api.access import (
    EVERYBODY,
    Call,
    as_person,
    known_length,
    merchant_of,
    store_of,
    token_of,
    tokens,
)
from tongdao.faces.api.operation import operation
from tongdao.faces.api.refusals import NotClosable
from tongdao.faces.api.shapes import Slug, Text
from tongdao.faces.api.wishes import AddressIn, WishIn
from tongdao.faces.kit.guessing import count_codes
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.visitors import visitor_address
from tongdao.trade.orders.models import Order, Purchase
from tongdao.trade.orders.operations import NOBODY, prepare
from tongdao.trade.orders.queue import submit
from tongdao.trade.orders.wishing import Spoken
from tongdao.trade.payments.operations import close_purchase

router = Router(tags=["buying"])
KEY_PATTERN = r"^[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*$"
RequestKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        min_length=8,
        max_length=64,
        description="The same key with the same body does it once and gives the first answer again",
    ),
]


class PurchaseIn(WishIn):
    address: AddressIn
    quote_version: Text = Field(
        "", max_length=16, description="Of the quote that the buyer confirms; another total is then refused"
    )


class PlacedOut(Schema):
    purchase_id: UUID
    order_ids: list[UUID]
    total_fen: int
    currency: str
    pay_by: datetime


class OrderStateOut(Schema):
    order_id: UUID
    number: str
    state: str
    total_fen: int


class PurchaseOut(Schema):
    purchase_id: UUID
    total_fen: int
    currency: str
    placed_at: datetime
    pay_by: datetime
    orders: list[OrderStateOut]


@operation(
    router,
    "POST",
    "/stores/{slug}/purchases",
    need="person",
    later=True,
    answer=PlacedOut,
    status=201,
    also=[200],
    refuses=[404, 409, 429],
)
def place_purchase(request: Call, slug: Slug, body: PurchaseIn, key: RequestKey) -> Status[PlacedOut]:
    """Order: everything that is asked for, or nothing.

    201 the first time, 200 with the first answer when the key is repeated.
    """
    if body.codes:
        count_codes(visitor_address(request), tokens.submit(EVERYBODY, known_length(token_of(request))).id)
    return place_wish(slug, body, key, token_of(request))


def place_wish(slug: str, body: PurchaseIn, key: str, token: str) -> Status[PlacedOut]:
    """Place it for whom the token speaks. The end of both ways in: ninja's, and the fast lane (lane.py)."""
    store = store_of(slug)
    wish = prepare(
        body.wanted(),
        key=key,
        person_id=NOBODY,
        visitor=body.visitor,
        storefront_id=store.id,
        address=body.address.address(),
        choice=body.choice(),
        quote_version=body.quote_version,
    )
    answer = submit(store.merchant_id, Spoken(known_length(token), wish))
    shown = PlacedOut.model_construct(  # our own values: nothing to check
        purchase_id=answer.purchase_id,
        order_ids=list(answer.order_ids),
        total_fen=answer.total_fen,
        currency=answer.currency,
        pay_by=answer.pay_by,
    )
    return Status(200 if answer.repeated else 201, shown)


@operation(router, "GET", "/purchases/{purchase_id}", need="person", answer=PurchaseOut, refuses=[404])
def read_purchase(request: Call, purchase_id: UUID) -> PurchaseOut:
    """A purchase of mine, with the state of its orders."""
    return _purchase(merchant_of(Purchase, purchase_id, request.auth.id), purchase_id)


@operation(
    router, "POST", "/purchases/{purchase_id}/close", need="person", answer=PurchaseOut, refuses=[404, 409]
)
def give_up_purchase(request: Call, purchase_id: UUID) -> PurchaseOut:
    """Give up a purchase that is not paid: it is closed at the payment channel, then the goods are free.

    Closing it again is no error. While the channel cannot be reached the orders stay `closing`.
    """
    merchant_id = merchant_of(Purchase, purchase_id, request.auth.id)
    close_purchase(merchant_id, purchase_id, reason="buyer", actor=as_person(request))
    shown = _purchase(merchant_id, purchase_id)
    if any(order.state not in ("closing", "closed") for order in shown.orders):
        raise NotClosable()
    return shown


def _purchase(merchant_id: UUID, purchase_id: UUID) -> PurchaseOut:
    with merchant_scope(merchant_id):
        row = Purchase.objects.get(pk=purchase_id)
        orders = list(Order.objects.filter(purchase=row).order_by("id"))
    return PurchaseOut(
        purchase_id=row.id,
        total_fen=row.total_fen,
        currency=row.currency,
        placed_at=row.placed_at,
        pay_by=row.pay_by,
        orders=[
            OrderStateOut(
                order_id=order.id, number=order.number, state=order.state, total_fen=order.total_fen
            )
            for order in orders
        ],
    )
