"""`reduce`: what promotions do to a set of goods. Pure; placing calls it, and so does every page that shows
a total.

The order is fixed: (1) each SKU gets the lowest of its running flash prices and, where the buyer asks for a
group, the group price; (2) coupons (see `coupons`) on what the lines then cost; (3) gifts, by what the lines
cost before coupons. A line never falls below 0, and coupons leave at least one fen of the whole, because
no payment channel collects nothing. Neither the order of the lines nor that of the offers changes anything.

A flash or group price holds for all units of its SKU or for none. Where a buyer wants more than is left for
the price, or than he may have, that is `rejected`: nobody pays the full price for what he took for cheap.
Where nothing is left of it at all, the SKU is sold at its public price, and `missed` tells so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.coupons import Pool, choose
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.offers import Choice, Claim, Cut, Gift, Item, Offer, Reduction, Told
from tongdao.terms.promotions.refusals import BetterOffer, GiftsGone, GroupGone, OneGroupAtATime

__all__ = ["Choice", "Claim", "Cut", "Gift", "Item", "Offer", "Reduction", "Told", "reduce"]


@dataclass(slots=True)
class _Sum:
    """A reduction while it is made. `cuts` by position in the sorted items."""

    cuts: list[list[Cut]]
    gifts: list[Gift] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rejected: list[Told] = field(default_factory=list)
    missed: list[Told] = field(default_factory=list)


def reduce(items: Sequence[Item], offers: Iterable[Offer], choice: Choice, at: datetime) -> Reduction:
    """Price `items` by `offers` (read for one member) as the buyer chose. Raises nothing."""
    order = sorted(range(len(items)), key=lambda i: (items[i].sku_id, items[i].product_id, items[i].quantity))
    goods = [items[index] for index in order]
    known = sorted(offers, key=lambda offer: offer.id)
    made = _Sum([[] for _ in goods])
    _unit_prices(goods, [offer for offer in known if offer.running(at)], choice, made)
    pool = Pool.of(goods, [sum(cut.off_fen for cut in cuts) for cuts in made.cuts])
    _coupons(pool, known, choice, at, made)
    _gifts(pool, [offer for offer in known if offer.kind == Kind.GIFT and offer.running(at)], made)
    lines = dict(zip(order, made.cuts, strict=True))
    return Reduction(
        lines=tuple(tuple(lines[position]) for position in range(len(items))),
        gifts=tuple(made.gifts),
        claims=tuple(sorted(made.claims, key=lambda claim: claim.promotion_id)),
        rejected=tuple(made.rejected),
        missed=tuple(made.missed),
    )


def _unit_prices(goods: Sequence[Item], running: Sequence[Offer], choice: Choice, made: _Sum) -> None:
    skus = sorted({item.sku_id for item in goods})
    group = _group_offer(skus, running, choice, made)
    for sku_id in skus:
        flashes = [offer for offer in running if offer.kind == Kind.FLASH and offer.sku_id == sku_id]
        at_all = [offer for offer in flashes if not offer.short_of(1)]
        if flashes and not at_all:
            made.missed += [_told(offer, offer.short_of(1)) for offer in flashes]
        asked = [group] if group and group.sku_id == sku_id else []
        _cut_sku(goods, sku_id, asked + at_all, group, choice, made)


def _group_offer(skus: Sequence[UUID], running: Sequence[Offer], choice: Choice, made: _Sum) -> Offer | None:
    """The group price that the buyer asks for; one at most, because an order takes one seat."""
    if choice.group is None and not choice.open_group:
        return None
    offered = [offer for offer in running if offer.kind == Kind.GROUP_BUY and offer.sku_id in skus]
    if choice.group is not None:
        offered = [offer for offer in offered if offer.group_id == choice.group]
    if len(offered) == 1:
        return offered[0]
    why = OneGroupAtATime() if offered else GroupGone(group=str(choice.group or ""))
    made.rejected.append(Told.of(str(choice.group or "group"), why))
    return None


def _cut_sku(
    goods: Sequence[Item],
    sku_id: UUID,
    offers: Sequence[Offer],
    group: Offer | None,
    choice: Choice,
    made: _Sum,
) -> None:
    """Give all lines of a SKU the lowest of the prices that lie below its public one."""
    places = [place for place, item in enumerate(goods) if item.sku_id == sku_id]
    public = min(goods[place].price_fen for place in places)
    below = [(offer.price_fen, offer) for offer in offers if offer.price_fen and offer.price_fen < public]
    price, best = min(below, key=lambda one: one[0], default=(None, None))  # a group before an equal flash
    if group in offers and group is not None and best is not group:
        made.missed.append(_told(group, BetterOffer()))
    if price is None or best is None:
        return
    units = sum(goods[place].quantity for place in places)
    if short := best.short_of(units):
        made.rejected.append(_told(best, short))
        return
    for place in places:
        made.cuts[place].append(_cut(best, goods[place], price))
    made.claims.append(
        Claim(
            promotion_id=best.id,
            version=best.version,
            units=units,
            off_fen=Fen(sum(made.cuts[place][0].off_fen for place in places)),
            group=choice.group if best is group else None,
            opens_group=best is group and choice.group is None,
        )
    )


def _cut(offer: Offer, item: Item, price: Fen) -> Cut:
    base = min(offer.base_fen, item.price_fen) if offer.base_fen is not None else None
    return Cut(
        promotion_id=offer.id,
        kind=offer.kind,
        off_fen=Fen((item.price_fen - price) * item.quantity),
        base_fen=Fen(base) if base is not None and base > price else None,
    )


def _told(offer: Offer, why: Refusal | None) -> Told:
    if why is None:
        raise AssertionError("there is a reason for what is told")
    return Told.of(str(offer.id), why)


def _coupons(pool: Pool, offers: Sequence[Offer], choice: Choice, at: datetime, made: _Sum) -> None:
    chosen, rejected, missed = choose(pool, offers, choice, at)
    made.rejected += rejected
    made.missed += missed
    for offer, parts in pool.apply(chosen):
        for place, part in enumerate(parts):
            if part:
                made.cuts[place].append(Cut(offer.id, offer.kind, Fen(part)))
        made.claims.append(Claim(offer.id, offer.version, 1, Fen(sum(parts))))


def _gifts(pool: Pool, offers: Sequence[Offer], made: _Sum) -> None:
    """A gift that has run out is told and does not hold up the order."""
    for offer in offers:
        reached = pool.worth_all(offer)
        if offer.sku_id is None or offer.gift_units is None or not reached or reached < offer.threshold_fen:
            continue
        if offer.short_of(offer.gift_units):
            made.missed.append(_told(offer, GiftsGone()))
            continue
        made.gifts.append(Gift(offer.sku_id, offer.gift_units, offer.id, offer.version))
        made.claims.append(Claim(offer.id, offer.version, offer.gift_units, Fen(0)))
