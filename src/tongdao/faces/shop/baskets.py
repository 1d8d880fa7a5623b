"""What a buyer means to buy, priced as of now. The amounts come from trade.orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tongdao.faces.shop.basket_lines import BasketLine, basket_lines
from tongdao.faces.shop.choices import holds, without
from tongdao.faces.shop.coupons import CouponLook, coupon_looks, told_text
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.pricing import Choice, Offer, Told
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import Quote, quote
from tongdao.trade.orders.wishing import Asked, Wanted

AUTOMATIC = Choice()
"""The best coupons, no group."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What one offer takes off the whole basket."""

    kind: Kind
    title: str
    off_fen: Fen


@dataclass(frozen=True, slots=True)
class Basket:
    """All lines, and what they cost together.

    `choice` is what of the buyer's choice holds, `told` what does not and why. `freight_fen` is None while it
    depends on a region that is not known; the total is without it then. `version` is what the buyer confirms.
    """

    lines: tuple[BasketLine, ...]
    savings: tuple[Saving, ...]
    full_fen: Fen
    freight_fen: Fen | None
    parcels: int
    total_fen: Fen
    version: str
    choice: Choice
    coupons: tuple[CouponLook, ...]
    told: tuple[str, ...]

    @property
    def troubled(self) -> bool:
        return any(line.problem for line in self.lines)

    @property
    def off_fen(self) -> Fen:
        return Fen(sum(saving.off_fen for saving in self.savings))


def count_cart(person_id: UUID) -> int:
    """How many different things are in the cart."""
    return CartLine.objects.filter(person_id=person_id).count()


def cart_of(person_id: UUID) -> list[Wanted]:
    """What is in the cart, latest first."""
    rows = CartLine.objects.filter(person_id=person_id).order_by("-added_at", "id")
    return [Wanted(row.sku_id, row.quantity) for row in rows]


def price_basket(
    wanted: Sequence[Wanted],
    *,
    person_id: UUID,
    visitor: UUID | None,
    choice: Choice = AUTOMATIC,
    division_code: str | None = None,
) -> Basket:
    """Price it as of now, in the merchant's scope. SKUs that the merchant does not have are left out.

    What the buyer chose of the offers and does not hold is left out too, and told.
    """
    asked = Asked(wanted, person_id, visitor, clock.now(), choice, division_code)
    terms = read_terms([asked])[0]
    first = quote(asked, terms)
    kept = without(choice, first.reduction.rejected)
    quoted = first if kept == choice else quote(replace(asked, choice=kept), terms)
    return Basket(
        lines=basket_lines(quoted, _limits(quoted.reduction.rejected, terms.offers)),
        savings=tuple(_savings(quoted, terms.offers)),
        full_fen=Fen(sum(line.facts.price_fen * line.quantity for line in quoted.lines if not line.gift)),
        freight_fen=quoted.freight.total_fen,
        parcels=quoted.freight.parcel_count,
        total_fen=quoted.total_fen,
        version=quoted.version,
        choice=kept,
        coupons=coupon_looks(quoted, terms.offers, kept.codes, asked.at),
        told=_told(first, quoted, kept, terms.offers),
    )


def fit(basket: Basket) -> list[Wanted]:
    """What can be had of it now: what has gone is left out, the others lowered to what is left."""
    return [
        Wanted(line.sku_id, line.can_have, line.price_version, line.agreed_mark)
        for line in basket.lines
        if line.can_have > 0 and not line.gift
    ]


def _savings(quoted: Quote, offers: Sequence[Offer]) -> list[Saving]:
    """Gifts are no saving: nobody would have bought them."""
    titles = {offer.id: offer.title for offer in offers}
    sums: dict[UUID, Saving] = {}
    for line in quoted.lines:
        for cut in () if line.gift else line.cuts:
            known = sums.get(cut.promotion_id)
            off = Fen(cut.off_fen + (known.off_fen if known else 0))
            sums[cut.promotion_id] = Saving(Kind(cut.kind), titles[cut.promotion_id], off)
    return [saving for saving in sums.values() if saving.off_fen]


def _told(first: Quote, quoted: Quote, kept: Choice, offers: Sequence[Offer]) -> tuple[str, ...]:
    """What was asked for and is left out now, and what the buyer does not get by itself."""
    still = quoted.reduction.rejected  # told at its line
    dropped = [one for one in first.reduction.rejected if one not in still and not holds(kept, one.asked)]
    return tuple(dict.fromkeys(told_text(one, offers) for one in (*dropped, *quoted.reduction.missed)))


def _limits(rejected: Sequence[Told], offers: Sequence[Offer]) -> dict[UUID, int]:
    """By SKU: how many can be had of what was asked for at a reduced price."""
    skus = {str(offer.id): offer.sku_id for offer in offers if offer.sku_id}
    return {
        sku: int(told.refusal.details.get("left", 0))
        for told in rejected
        if (sku := skus.get(told.asked)) is not None
    }
