"""What requests write: each drafts its rows, and the drafts of those accepted become one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import INSERT_EVENTS, Subject, as_row
from tongdao.foundation.events.recording import Row
from tongdao.foundation.ids import human_number, uuid7, uuid7_text
from tongdao.foundation.models import IdempotencyKey
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.inventory.models import Reservation
from tongdao.reach.traffic.queries import MODEL_VERSION, Attribution
from tongdao.terms.plans.budgets import write_spends
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
from tongdao.trade.orders.quoting import QuotedLine
from tongdao.trade.orders.wishing import KEY_SCOPE, Wish

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


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows of one request, made before anything is locked. `fields` are those of its `Placed`."""

    request: PlaceRequest
    rows: Together
    event: Row
    fields: Fields

    @property
    def order_id(self) -> UUID:
        return self.fields[1][0]


def draft_purchase(request: PlaceRequest) -> Draft:
    """What the request writes if it is accepted."""
    rows = Together()
    fields = _add_purchase(rows, request)
    return Draft(request, rows, _placed_event(request, fields[0], fields[1][0]), fields)


def write_purchases(accepted: Sequence[Draft], promotions: Locked) -> None:
    """Write what was accepted, in one statement."""
    together = Together()
    for draft in accepted:
        together.merge(draft.rows)
    write_batch(together, accepted)
    write_claims(together, [_granted(draft.request, draft.order_id) for draft in accepted], promotions)
    write_spends(together, [(draft.order_id, draft.request.quote.spends) for draft in accepted])
    together.execute()


def _granted(request: PlaceRequest, order_id: UUID) -> Granted:
    return Granted(
        order_id=order_id,
        member_id=request.member_id,
        claims=request.quote.reduction.claims,
        at=request.wish.placed_at,
        actor=Actor("person", request.wish.person_id),
    )


def _add_purchase(together: Together, request: PlaceRequest) -> Fields:
    wish, quote = request.wish, request.quote
    purchase_id, order_id = uuid7(), uuid7()
    together.add(
        Purchase,
        id=purchase_id,
        person_id=wish.person_id,
        member_id=request.member_id,
        storefront_id=wish.storefront_id,
        currency=quote.currency,
        total_fen=quote.total_fen,
        placed_at=wish.placed_at,
        pay_by=wish.pay_by,
    )
    _add_address(together, purchase_id, wish)
    together.add(
        PaymentSchedule,
        purchase_id=purchase_id,
        position=1,
        amount_fen=quote.total_fen,
        currency=quote.currency,
        due_at=wish.pay_by,
    )
    _add_order(together, purchase_id, order_id, request)
    for position, line in enumerate(quote.lines, 1):
        _add_line(together, order_id, position, line, quote.seller_id)
    _freeze_touches(together, order_id, quote.attribution)
    fields = (purchase_id, (order_id,), quote.total_fen, quote.currency, wish.pay_by)
    _remember(together, wish, fields)
    return fields


def _add_address(together: Together, purchase_id: UUID, wish: Wish) -> None:
    address = wish.address
    together.add(
        DeliveryAddress,
        purchase_id=purchase_id,
        person_id=wish.person_id,
        recipient=address.recipient,
        phone=address.phone,
        detail=address.detail,
        division_code=address.division_code,
        division_version=address.division_version,
    )


def _add_order(together: Together, purchase_id: UUID, order_id: UUID, request: PlaceRequest) -> None:
    wish, quote = request.wish, request.quote
    together.add(
        Order,
        id=order_id,
        purchase_id=purchase_id,
        number=human_number(wish.placed_at),
        person_id=wish.person_id,
        seller_id=quote.seller_id,
        currency=quote.currency,
        goods_fen=quote.goods_fen,
        freight_fen=quote.freight_fen,
        total_fen=quote.total_fen,
        placed_at=wish.placed_at,
        pay_by=wish.pay_by,
    )


def _add_line(together: Together, order_id: UUID, position: int, line: QuotedLine, seller_id: UUID) -> None:
    facts, line_id = line.facts, uuid7_text()
    together.add(
        OrderLine,
        id=line_id,
        order_id=order_id,
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
        policies=line.policies,
        seller_id=seller_id,
        promoter_id=line.promoter_id,
    )
    _allocate(together, line_id, line)
    _add_shares(together, line_id, line)


def _allocate(together: Together, line_id: str, line: QuotedLine) -> None:
    """The node that ships and the stock that is promised, under one id."""
    if line.source is None:
        return  # `decide` accepts no line without a source
    id = uuid7_text()
    together.add(Allocation, id=id, line_id=line_id, node_id=line.source.node_id, quantity=line.quantity)
    together.add(Reservation, id=id, stock_id=line.source.stock_id, quantity=line.quantity)


def _add_shares(together: Together, line_id: str, line: QuotedLine) -> None:
    """What was taken off the line by whom, and where its money goes."""
    for cut in line.cuts:
        if cut.off_fen:
            together.add(
                DiscountShare,
                line_id=line_id,
                kind=cut.kind,
                promotion_id=cut.promotion_id,
                amount_fen=cut.off_fen,
                base_fen=cut.base_fen,
            )
    for share in line.shares:
        together.add(
            WaterfallShare,
            line_id=line_id,
            kind=share.kind,
            beneficiary=share.beneficiary,
            amount_fen=share.amount_fen,
            rule_version=share.rule_version,
        )


def _freeze_touches(together: Together, order_id: UUID, attribution: Attribution) -> None:
    winner = attribution.winner
    for rank, candidate in enumerate(attribution.candidates, 1):
        together.add(
            TouchCandidate,
            order_id=order_id,
            touch_id=candidate.touch_id,
            rank=rank,
            won=candidate.touch_id == winner,
            model_version=MODEL_VERSION,
        )


def _remember(together: Together, wish: Wish, fields: Fields) -> None:
    """The key with its answer."""
    purchase_id, order_ids, total_fen, currency, pay_by = fields
    together.add(
        IdempotencyKey,
        id=wish.key_id,
        scope=KEY_SCOPE,
        input_hash=wish.digest,
        answer={
            "purchase_id": str(purchase_id),
            "order_ids": [str(id) for id in order_ids],
            "total_fen": total_fen,
            "currency": currency,
            "pay_by": pay_by.isoformat(),
        },
        created_at=wish.placed_at,
    )


def write_batch(together: Together, accepted: Sequence[Draft]) -> None:
    """What the accepted requests change together: stock counters, carts, and the events that tell of them.

    Units are added up per stock first, since one statement updates a row once.
    """
    if not accepted:
        return
    merchant = str(current_merchant())
    units: dict[UUID, int] = {}
    bought = []
    for request in (draft.request for draft in accepted):
        for line in request.quote.lines:
            if line.source:
                units[line.source.stock_id] = units.get(line.source.stock_id, 0) + line.quantity
            if not line.gift:
                bought.append([request.wish.person_id, line.facts.sku_id])
    together.also(
        RESERVE, [{"stock_id": id, "merchant_id": merchant, "units": count} for id, count in units.items()]
    )
    together.also(
        EMPTY_CART, [{"merchant_id": merchant, "person_id": who, "sku_id": sku} for who, sku in bought]
    )
    together.also(INSERT_EVENTS, [draft.event for draft in accepted])


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
    return as_row(
        payload,
        subject=Subject("order", order_id, 1),
        actor=Actor("person", request.wish.person_id),
        request=request.wish.request_id,
    )
