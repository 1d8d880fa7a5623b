"""What a buyer means to buy, priced as of now. The amounts come from trade.orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.shop.media import picture_url
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.operations.cart import MOST_UNITS
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import QuotedLine, quote
from tongdao.trade.orders.wishing import Asked, Wanted


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line; `problem` says what stands against ordering it, if anything. `sent` goes back in the form."""

    sku_id: UUID
    handle: str
    title: str
    option_text: str
    picture: str
    quantity: int
    unit_fen: Fen
    paid_fen: Fen
    price_version: int
    available: int
    saleable: bool
    problem: str

    @property
    def most(self) -> int:
        """The highest quantity that makes sense to ask for; never below what is in the cart already."""
        return max(1, self.quantity, min(self.available, MOST_UNITS))

    @property
    def sent(self) -> str:
        return f"{self.sku_id}:{self.quantity}:{self.price_version}"


@dataclass(frozen=True, slots=True)
class Basket:
    """All lines, and what they cost together."""

    lines: tuple[BasketLine, ...]
    goods_fen: Fen
    freight_fen: Fen
    total_fen: Fen

    @property
    def troubled(self) -> bool:
        return any(line.problem for line in self.lines)


def count_cart(person_id: UUID) -> int:
    """How many different things are in the cart."""
    return CartLine.objects.filter(person_id=person_id).count()


def cart_of(person_id: UUID) -> list[Wanted]:
    """What is in the cart, latest first."""
    rows = CartLine.objects.filter(person_id=person_id).order_by("-added_at", "id")
    return [Wanted(row.sku_id, row.quantity) for row in rows]


def price_basket(wanted: Sequence[Wanted], *, person_id: UUID, visitor: UUID | None) -> Basket:
    """Price it as of now, in the merchant's scope. SKUs that the merchant does not have are left out."""
    asked = Asked(wanted, person_id, visitor, clock.now())
    quoted = quote(asked, read_terms([asked])[0])
    lines = tuple(_line(line) for line in quoted.lines)
    return Basket(lines, quoted.goods_fen, quoted.freight_fen, quoted.total_fen)


def fit(basket: Basket) -> list[Wanted]:
    """What can be had of it now: sold-out lines left out, the others lowered to what is left."""
    return [
        Wanted(line.sku_id, min(line.quantity, line.available), line.price_version)
        for line in basket.lines
        if line.saleable and line.available > 0
    ]


def _line(line: QuotedLine) -> BasketLine:
    facts = line.facts
    available = line.source.available if line.source else 0
    return BasketLine(
        sku_id=facts.sku_id,
        handle=facts.handle,
        title=facts.title,
        option_text=facts.option_text,
        picture=picture_url(facts.picture),
        quantity=line.quantity,
        unit_fen=facts.price_fen,
        paid_fen=line.paid_fen,
        price_version=facts.price_version,
        available=available,
        saleable=facts.saleable,
        problem=_problem(line, available),
    )


def _problem(line: QuotedLine, available: int) -> str:
    if not line.facts.saleable:
        return _("This is not for sale any more.")
    if available < 1:
        return _("This has sold out.")
    if available < line.quantity:
        return ngettext("Only %(count)d is left.", "Only %(count)d are left.", available) % {
            "count": available
        }
    if line.seen_version is not None and line.seen_version != line.facts.price_version:
        return _("The price has changed since you looked; this is the new one.")
    return ""
