"""Which coupons apply, which are best, and what each takes off each line. Pure.

Whether a coupon's threshold is reached is judged by what its eligible lines cost after flash and group prices
and before any coupon, so no coupon takes another one's threshold away. They are applied in a fixed order:
parts before amounts (a part of the larger sum is more for the buyer), larger before smaller, then by id. Each
takes off what its eligible lines cost by then, and its share of a line is by largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongdao.foundation.money import Fen, apply_bps, split
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.offers import Choice, Item, Offer, Told
from tongdao.terms.promotions.refusals import (
    BetterOffer,
    CouponBelowThreshold,
    CouponNotApplicable,
    CouponsDoNotCombine,
    CouponUnknown,
    PromotionEnded,
    PromotionNotStarted,
)

LEAST_FEN = 1
"""Coupons leave so much of the goods to be paid: a channel cannot collect nothing."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Lines before coupons: what each costs in fen, and whether a flash or group price is in that."""

    items: tuple[Item, ...]
    amounts: tuple[int, ...]
    reduced: tuple[bool, ...]

    @classmethod
    def of(cls, items: Sequence[Item], offs: Sequence[int]) -> Pool:
        costs = [item.price_fen * item.quantity - off for item, off in zip(items, offs, strict=True)]
        return cls(tuple(items), tuple(costs), tuple(off > 0 for off in offs))

    def worth_all(self, offer: Offer) -> int:
        """What the lines that the offer covers cost, reduced ones too."""
        return sum(cost for item, cost in zip(self.items, self.amounts, strict=True) if offer.covers(item))

    def eligible(self, offer: Offer) -> list[int]:
        """Places of the lines that a coupon may take something off."""
        return [
            place
            for place, item in enumerate(self.items)
            if offer.covers(item) and (offer.on_reduced or not self.reduced[place]) and self.amounts[place]
        ]

    def apply(self, coupons: Iterable[Offer]) -> list[tuple[Offer, list[int]]]:
        """What each coupon takes off each line; those that take nothing are left out."""
        left = list(self.amounts)
        taken = []
        for offer in sorted(coupons, key=_place):
            parts = self._parts(offer, left)
            if any(parts):
                left = [cost - part for cost, part in zip(left, parts, strict=True)]
                taken.append((offer, parts))
        return taken

    def saved(self, coupons: Iterable[Offer]) -> int:
        return sum(sum(parts) for _, parts in self.apply(coupons))

    def _parts(self, offer: Offer, left: Sequence[int]) -> list[int]:
        places = [place for place in self.eligible(offer) if left[place]]
        weights = [left[place] for place in places]
        off = min(_off(offer, sum(weights)), sum(weights), sum(left) - LEAST_FEN)
        parts = [0] * len(left)
        if off > 0:
            for place, part in zip(places, split(Fen(off), weights), strict=True):
                parts[place] = part
        return parts


def _off(offer: Offer, amount: int) -> int:
    if offer.off_fen is not None:
        return offer.off_fen
    off = apply_bps(Fen(amount), offer.off_bps or 0)
    return off if offer.most_off_fen is None else min(off, offer.most_off_fen)


def _place(offer: Offer) -> tuple[bool, int, str]:
    """Where in the fixed order a coupon is applied."""
    amount = offer.off_fen is not None
    return amount, -(offer.off_fen or offer.off_bps or 0), str(offer.id)


def objection(pool: Pool, offer: Offer, at: datetime) -> Refusal | None:
    """Why a coupon does not apply, or None."""
    if offer.stopped or at >= offer.ends_at:
        return PromotionEnded(promotion=str(offer.id))
    if at < offer.starts_at:
        return PromotionNotStarted(promotion=str(offer.id), starts_at=offer.starts_at.isoformat())
    if short := offer.short_of(1):
        return short
    places = pool.eligible(offer)
    if not places:
        return CouponNotApplicable(promotion=str(offer.id))
    missing = offer.threshold_fen - sum(pool.amounts[place] for place in places)
    return CouponBelowThreshold(promotion=str(offer.id), missing_fen=int(missing)) if missing > 0 else None


def choose(
    pool: Pool, offers: Sequence[Offer], choice: Choice, at: datetime
) -> tuple[list[Offer], list[Told], list[Told]]:
    """The coupons to apply, what was asked for and does not hold, and what is only told."""
    coupons = [offer for offer in offers if offer.kind == Kind.COUPON]
    asked, rejected = _asked(coupons, choice)
    for name, offer in list(asked.items()):
        if why := objection(pool, offer, at):
            rejected.append(Told.of(name, why))
            del asked[name]
    if choice.coupons is None:
        public = [offer for offer in coupons if not offer.code and objection(pool, offer, at) is None]
        best = best_of(pool, [*public, *asked.values()])
        missed = [Told.of(name, BetterOffer()) for name, offer in asked.items() if offer not in best]
        return best, rejected, missed
    if len(asked) > 1:
        for name in [name for name, offer in asked.items() if not offer.stacks]:
            rejected.append(Told.of(name, CouponsDoNotCombine(promotion=str(asked.pop(name).id))))
    return list(asked.values()), rejected, []


def _asked(coupons: Sequence[Offer], choice: Choice) -> tuple[dict[str, Offer], list[Told]]:
    """What was chosen by id or typed as a code, under the words of the asking."""
    by_code = {offer.code: offer for offer in coupons if offer.code}
    by_id = {offer.id: offer for offer in coupons if not offer.code}
    named = [(code, by_code.get(code.strip().upper())) for code in choice.codes]
    named += [(str(id), by_id.get(id)) for id in choice.coupons or ()]
    asked: dict[str, Offer] = {}
    unknown = []
    for name, offer in named:
        if offer is None:
            unknown.append(Told.of(name, CouponUnknown()))
        elif offer not in asked.values():
            asked[name] = offer
    return asked, unknown


def best_of(pool: Pool, usable: Sequence[Offer]) -> list[Offer]:
    """The best single coupon, or stacking ones if they save more: never worse than any single one.

    Stacking ones are added one by one, each time the one that saves most, as long as it saves something;
    the first of them is the best single stacking one. Equal savings go to the lower id.
    """
    ranked = sorted(usable, key=lambda offer: (-pool.saved([offer]), str(offer.id)))
    single = [offer for offer in ranked[:1] if pool.saved([offer])]
    stack: list[Offer] = []
    while rest := [offer for offer in ranked if offer.stacks and offer not in stack]:
        found = max(rest, key=lambda offer: pool.saved([*stack, offer]))
        if pool.saved([*stack, found]) <= pool.saved(stack):
            break
        stack.append(found)
    return stack if pool.saved(stack) > pool.saved(single) else single
