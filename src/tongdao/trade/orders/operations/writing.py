"""What one accepted request writes: a pure mapping from request to rows, collected for one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import INSERT_EVENTS, Subject, as_row, request_id
from tongdao.foundation.events.recording import Row
from tongdao.foundation.ids import human_number, uuid7
from tongdao.foundation.models import IdempotencyKey
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.inventory.models import Reservation
from tongdao.reach.traffic.queries import MODEL_VERSION
from tongdao.terms.promotions.locking import Locked
from tongdao.terms.promotions.writing import Granted, write_claims
from tongdao.trade.orders.deciding import PlaceRequest
from tongdao.trade.orders.events import OrderPlaced
from tongdao.trade.orders.models import (
    Allocation,
    DeliveryAddress,
    DiscountShare,
    Order,
    OrderLine,
    PaymentSchedule,
    Purchase,
    TouchCandidate,
    WaterfallShare,
)
from tongdao.trade.orders.quoting import PROMISES, QuotedLine
from tongdao.trade.orders.wishing import KEY_SCOPE

Fields = tuple[UUID, tuple[UUID, ...], Fen, str, datetime]

RESERVE = """
update stock set reserved = stock.reserved + wanted.units
from jsonb_to_recordset(%s::jsonb) as wanted(stock_id uuid, merchant_id uuid, units integer)
where stock.merchant_id = wanted.merchant_id and stock.id = wanted.stock_id
"""
EMPTY_CART = """
delete from cart_line
using jsonb_to_recordset(%s::jsonb) as bought(merchant_id uuid, person_id uuid, sku_id uuid)
where cart_line.merchant_id = bought.merchant_id and cart_line.person_id = bought.person_id
and cart_line.sku_id = bought.sku_id
"""


def write_purchases(requests: Sequence[PlaceRequest], promotions: Locked) -> list[Fields]:
    """Write what was accepted, in one statement; the fields of each one's `Placed`."""
    together = Together()
    made = [write_purchase(together, request) for request in requests]
    placed = list(zip(requests, made, strict=True))
    write_batch(together, placed)
    write_claims(
        together, [_granted(request, order_ids[0]) for request, (_, order_ids, *_) in placed], promotions
    )
    together.execute()
    return made


def _granted(request: PlaceRequest, order_id: UUID) -> Granted:
    return Granted(
        order_id=order_id,
        member_id=request.member_id,
        claims=request.quote.reduction.claims,
        at=request.wish.placed_at,
        actor=Actor("person", request.wish.person_id),
    )


def write_purchase(together: Together, request: PlaceRequest) -> Fields:
    """Collect the rows of one request; returns the fields of its `Placed`."""
    quote = request.quote
    purchase = Purchase(
        person_id=request.wish.person_id,
        member_id=request.member_id,
        storefront_id=request.wish.storefront_id,
        currency=quote.currency,
        total_fen=quote.total_fen,
        placed_at=request.wish.placed_at,
        pay_by=request.wish.pay_by,
    )
    order = _order(purchase, request)
    lines = [_line(order, position, line) for position, line in enumerate(quote.lines, 1)]
    together.insert([purchase, _address(purchase, request), _schedule(purchase), order, *lines])
    for row, line in zip(lines, quote.lines, strict=True):
        _allocate(together, row, line)
    _freeze_touches(together, order, request)
    _remember(together, request, purchase, order)
    return purchase.id, (order.id,), quote.total_fen, quote.currency, request.wish.pay_by


def _order(purchase: Purchase, request: PlaceRequest) -> Order:
    quote = request.quote
    return Order(
        purchase=purchase,
        number=human_number(request.wish.placed_at),
        person_id=request.wish.person_id,
        seller_id=quote.seller_id,
        currency=quote.currency,
        goods_fen=quote.goods_fen,
        freight_fen=quote.freight_fen,
        total_fen=quote.total_fen,
        placed_at=request.wish.placed_at,
        pay_by=request.wish.pay_by,
    )


def _address(purchase: Purchase, request: PlaceRequest) -> DeliveryAddress:
    address = request.wish.address
    return DeliveryAddress(
        purchase=purchase,
        person_id=request.wish.person_id,
        recipient=address.recipient,
        phone=address.phone,
        detail=address.detail,
        division_code=address.division_code,
        division_version=address.division_version,
    )


def _schedule(purchase: Purchase) -> PaymentSchedule:
    return PaymentSchedule(
        purchase=purchase,
        position=1,
        amount_fen=purchase.total_fen,
        currency=purchase.currency,
        due_at=purchase.pay_by,
    )


def _line(order: Order, position: int, line: QuotedLine) -> OrderLine:
    facts = line.facts
    return OrderLine(
        order=order,
        position=position,
        product_id=facts.product_id,
        sku_id=facts.sku_id,
        title=facts.title,
        option_text=facts.option_text,
        sku_code=facts.code,
        picture=facts.picture,
        quantity=line.quantity,
        price_version=facts.price_version,
        list_price_fen=facts.price_fen,
        discount_fen=line.discount_fen,
        paid_fen=line.paid_fen,
        freight_fen=line.freight_fen,
        policies=dict(PROMISES),
        seller_id=order.seller_id,
        promoter_id=line.promoter_id,
    )


def _allocate(together: Together, row: OrderLine, line: QuotedLine) -> None:
    """The node that ships, the stock that is promised, and where the money of the line goes."""
    if line.source is None:
        raise AssertionError("decide accepts no line without a source")
    id = uuid7()
    together.insert([Allocation(id=id, line=row, node_id=line.source.node_id, quantity=line.quantity)])
    together.insert([Reservation(id=id, stock_id=line.source.stock_id, quantity=line.quantity)])
    together.insert(
        [
            DiscountShare(
                line=row,
                kind=cut.kind,
                promotion_id=cut.promotion_id,
                amount_fen=cut.off_fen,
                base_fen=cut.base_fen,
            )
            for cut in line.cuts
            if cut.off_fen
        ]
    )
    together.insert(
        [
            WaterfallShare(
                line=row,
                kind=share.kind.value,
                beneficiary=share.beneficiary,
                amount_fen=share.amount_fen,
                rule_version=share.rule_version,
            )
            for share in line.shares
        ]
    )


def _freeze_touches(together: Together, order: Order, request: PlaceRequest) -> None:
    attribution = request.quote.attribution
    together.insert(
        [
            TouchCandidate(
                order=order,
                touch_id=candidate.touch_id,
                rank=rank,
                won=candidate.touch_id == attribution.winner,
                model_version=MODEL_VERSION,
            )
            for rank, candidate in enumerate(attribution.candidates, 1)
        ]
    )


def _remember(together: Together, request: PlaceRequest, purchase: Purchase, order: Order) -> None:
    """The key with its answer."""
    answer = {
        "purchase_id": str(purchase.id),
        "order_ids": [str(order.id)],
        "total_fen": purchase.total_fen,
        "currency": purchase.currency,
        "pay_by": purchase.pay_by.isoformat(),
    }
    together.insert(
        [
            IdempotencyKey(
                id=request.wish.key_id,
                scope=KEY_SCOPE,
                input_hash=request.wish.digest,
                answer=answer,
                created_at=request.wish.placed_at,
            )
        ]
    )


def write_batch(together: Together, placed: Sequence[tuple[PlaceRequest, Fields]]) -> None:
    """What the accepted requests change together: stock counters, carts, and the events that tell of them.

    Units are added up per stock first, since one statement updates a row once.
    """
    if not placed:
        return
    merchant = str(current_merchant())
    units: dict[UUID, int] = {}
    bought, events = [], []
    for request, (purchase_id, order_ids, *_) in placed:
        for line in request.quote.lines:
            if line.source:
                units[line.source.stock_id] = units.get(line.source.stock_id, 0) + line.quantity
            if not line.gift:
                bought.append([request.wish.person_id, line.facts.sku_id])
        events.append(_placed_event(request, purchase_id, order_ids[0]))
    together.also(
        RESERVE, [{"stock_id": id, "merchant_id": merchant, "units": count} for id, count in units.items()]
    )
    together.also(
        EMPTY_CART, [{"merchant_id": merchant, "person_id": who, "sku_id": sku} for who, sku in bought]
    )
    together.also(INSERT_EVENTS, events)


def _placed_event(request: PlaceRequest, purchase_id: UUID, order_id: UUID) -> Row:
    payload = OrderPlaced(
        purchase_id=purchase_id,
        person_id=request.wish.person_id,
        member_id=request.member_id,
        promoter_id=request.quote.attribution.promoter_id,
        total_fen=request.quote.total_fen,
        units=sum(line.quantity for line in request.quote.lines),
        pay_by=request.wish.pay_by,
    )
    reset = request_id.set(request.wish.request_id)
    try:
        return as_row(
            payload, subject=Subject("order", order_id, 1), actor=Actor("person", request.wish.person_id)
        )
    finally:
        request_id.reset(reset)
