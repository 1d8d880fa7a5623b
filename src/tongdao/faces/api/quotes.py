"""What a purchase would cost now."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Slug
from tongdao.faces.api.wishes import WishIn
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.reach.traffic.queries import recommender
from tongdao.rulebook import trade
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import Quote, QuotedLine, quote

router = Router(tags=["buying"])


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
    problem: Literal["not_saleable", "price_changed", "out_of_stock"] | None = Field(
        description="What stands against ordering it, as it looks now"
    )


class QuoteOut(Schema):
    """A price, not a promise: placing checks everything again under lock."""

    lines: list[QuotedLineOut]
    unknown: list[UUID] = Field(description="SKUs that this store does not have")
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    recommended_by: str | None
    at: datetime


@operation(router, "POST", "/stores/{slug}/quotes", need="person", answer=QuoteOut, refuses=[404])
def ask_quote(request: Call, slug: Slug, body: WishIn) -> QuoteOut:
    """What this would cost me now."""
    now, wanted, person_id = clock.now(), body.wanted(), request.auth.id
    with merchant_scope(store_of(slug).merchant_id):
        found = quote(wanted, read_terms(wanted, person_id=person_id, visitor=body.visitor, at=now))
        window = trade.ATTRIBUTION_WINDOW.on(now.date())
        name = recommender(visitor=body.visitor, person_id=person_id, at=now, window=window)
    return _quote(found, name, now)


def _quote(found: Quote, recommended_by: str | None, now: datetime) -> QuoteOut:
    return QuoteOut(
        lines=[_line(line) for line in found.lines],
        unknown=list(found.unknown),
        goods_fen=found.goods_fen,
        freight_fen=found.freight_fen,
        total_fen=found.total_fen,
        currency=found.currency,
        recommended_by=recommended_by,
        at=now,
    )


def _line(line: QuotedLine) -> QuotedLineOut:
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
        problem=_problem(line),
    )


def _problem(line: QuotedLine) -> Literal["not_saleable", "price_changed", "out_of_stock"] | None:
    if not line.facts.saleable:
        return "not_saleable"
    if line.seen_version not in (None, line.facts.price_version):
        return "price_changed"
    if line.source is None or line.source.available < line.quantity:
        return "out_of_stock"
    return None
