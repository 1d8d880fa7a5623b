"""What a purchase would cost now."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import get_language
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Slug, Text
from tongdao.faces.api.wishes import WishIn
from tongdao.faces.kit.guessing import count_codes
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.visitors import visitor_address
from tongdao.reach.traffic.queries import recommender
from tongdao.rulebook import trade
from tongdao.terms.promotions.pricing import Told
from tongdao.trade.orders.promises import told_of
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import Quote, QuotedLine, quote
from tongdao.trade.orders.wishing import Asked

router = Router(tags=["buying"])


class QuoteIn(WishIn):
    division_code: Text | None = Field(
        None,
        max_length=6,
        description="County-level code of where it goes; without it freight is open",
    )


class CutOut(Schema):
    promotion_id: UUID
    kind: str
    off_fen: int
    base_fen: int | None = Field(description="What one unit may honestly be compared with")


class RejectedOut(Schema):
    asked: str = Field(description="The code as typed, or an id")
    code: str
    message: str


class ReturnsOut(Schema):
    """That goods are excluded from returns without a reason: show it before ordering."""

    exclusion: str
    name: str
    why: str
    ask: str = Field(description="Beside a tick box of its own, unticked; empty: the law asks for no consent")
    mark: str = Field(description="Send it as the line's `agreed` if it was ticked; else the days stand")


class QuotedLineOut(Schema):
    sku_id: UUID
    quantity: int
    title: str
    option_text: str
    price_fen: int
    price_version: int
    discount_fen: int
    paid_fen: int
    freight_fen: int
    cuts: list[CutOut] = Field(description="What promotions take off; they sum to discount_fen")
    gift: bool = Field(description="Added by a promotion, at no price")
    return_days: int = Field(description="Days of return without a reason, with what was agreed to; 0: none")
    returns: ReturnsOut | None
    problem: Literal["not_saleable", "price_changed", "out_of_stock"] | None = Field(
        description="What stands against ordering it, as it looks now"
    )


class QuoteOut(Schema):
    """A price, not a promise: placing checks everything again under lock."""

    lines: list[QuotedLineOut]
    unknown: list[UUID] = Field(description="SKUs that this store does not have")
    goods_fen: int
    freight_fen: int | None = Field(description="null: not known before the division is")
    parcels: int
    unserved: list[UUID] = Field(description="SKUs that are not delivered to that division")
    rejected: list[RejectedOut] = Field(description="Offers that were asked for and do not hold, and why")
    total_fen: int
    quote_version: str = Field(description="Send it with the purchase, and no other total is placed")
    currency: str
    recommended_by: str | None
    at: datetime


@operation(router, "POST", "/stores/{slug}/quotes", need="person", answer=QuoteOut, refuses=[404, 429])
def ask_quote(request: Call, slug: Slug, body: QuoteIn) -> QuoteOut:
    """What this would cost me now."""
    now, person_id = clock.now(), request.auth.id
    if body.codes:
        count_codes(visitor_address(request), person_id)
    asked = Asked(body.wanted(), person_id, body.visitor, now, body.choice(), body.division_code)
    with merchant_scope(store_of(slug).merchant_id):
        found = quote(asked, read_terms([asked])[0])
        window = trade.ATTRIBUTION_WINDOW.on(now)
        name = recommender(visitor=body.visitor, person_id=person_id, at=now, window=window)
    return _quote(found, name, now)


def _quote(found: Quote, recommended_by: str | None, now: datetime) -> QuoteOut:
    return QuoteOut(
        lines=[_line(line, now) for line in found.lines],
        unknown=list(found.unknown),
        goods_fen=found.goods_fen,
        freight_fen=found.freight.total_fen,
        parcels=found.freight.parcel_count,
        unserved=list(found.freight.unserved),
        rejected=[_rejected(told) for told in found.reduction.rejected],
        quote_version=found.version,
        total_fen=found.total_fen,
        currency=found.currency,
        recommended_by=recommended_by,
        at=now,
    )


def _line(line: QuotedLine, at: datetime) -> QuotedLineOut:
    return QuotedLineOut(
        sku_id=line.facts.sku_id,
        quantity=line.quantity,
        title=line.facts.title,
        option_text=line.facts.option_text,
        price_fen=line.facts.price_fen,
        price_version=line.facts.price_version,
        discount_fen=line.discount_fen,
        paid_fen=line.paid_fen,
        freight_fen=line.freight_fen,
        cuts=[CutOut.from_orm(cut) for cut in line.cuts],
        gift=line.gift,
        return_days=line.policies["return_days"],
        returns=_returns(line, at),
        problem=_problem(line),
    )


def _returns(line: QuotedLine, at: datetime) -> ReturnsOut | None:
    told = told_of(line.facts.return_exclusion, at, get_language() or "")
    if told is None:
        return None
    asked = not line.gift  # a gift keeps the days
    return ReturnsOut(
        exclusion=told.code,
        name=told.name,
        why=told.why,
        ask=told.ask if asked else "",
        mark=told.mark if asked else "",
    )


def _rejected(told: Told) -> RejectedOut:
    return RejectedOut(asked=told.asked, code=told.refusal.code, message=told.refusal.message)


def _problem(line: QuotedLine) -> Literal["not_saleable", "price_changed", "out_of_stock"] | None:
    if not line.facts.saleable:
        return "not_saleable"
    if line.seen_version not in (None, line.facts.price_version):
        return "price_changed"
    if line.source is None or line.source.available < line.quantity:
        return "out_of_stock"
    return None
