"""`quote` is pure: from what is asked and the terms that were read, to lines, amounts and shares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen, apply_bps, split
from tongdao.goods.catalog.queries import SkuFacts
from tongdao.reach.traffic.queries import Attribution
from tongdao.terms.agreements.freight import FreightItem, FreightQuote, FreightTerms, freight
from tongdao.terms.plans.queries import Plan
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.pricing import Cut, Item, Offer, Reduction, reduce
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.orders.wishing import Asked, Wanted
from tongdao.trade.routing.queries import Source

PROMISES: Mapping[str, Any] = {"return_days": 7, "ship_hours": 48, "version": "2026-11"}
"""What every line promises the buyer, frozen as `policies`: days of no-reason return, hours to ship."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that was read for a quote. `fee_bps`: what the payment channel keeps."""

    facts: Mapping[UUID, SkuFacts]
    sources: Mapping[UUID, Source]
    attribution: Attribution
    plan: Plan | None
    fee_bps: int
    seller_id: UUID
    offers: Sequence[Offer] = ()
    freight: FreightTerms = field(default_factory=FreightTerms)


@dataclass(frozen=True, slots=True)
class Share:
    """A party's part of a line, in fen, and the rule that gave it."""

    kind: ShareKind
    beneficiary: UUID | None
    amount_fen: Fen
    rule_version: str


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """`paid_fen` is for all units, after `cuts`; the shares sum to it and `freight_fen`.

    `gift`: nobody asked for it, a promotion adds it.
    """

    facts: SkuFacts
    quantity: int
    seen_version: int | None
    source: Source | None
    discount_fen: Fen
    paid_fen: Fen
    freight_fen: Fen
    promoter_id: UUID | None
    shares: tuple[Share, ...]
    cuts: tuple[Cut, ...] = ()
    gift: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What the buyer would pay now. `unknown` are SKUs that this merchant does not have.

    `version` changes with every amount that the buyer sees; it is what he confirms.
    """

    lines: tuple[QuotedLine, ...]
    unknown: tuple[UUID, ...]
    goods_fen: Fen
    freight: FreightQuote
    currency: str
    seller_id: UUID
    attribution: Attribution
    reduction: Reduction
    version: str

    @property
    def freight_fen(self) -> Fen:
        """0 while the address, and with it the freight, is not known."""
        return self.freight.total_fen or Fen(0)

    @property
    def total_fen(self) -> Fen:
        return Fen(self.goods_fen + self.freight_fen)


@dataclass(slots=True)
class _Row:
    """A line in the making."""

    wanted: Wanted
    facts: SkuFacts
    cuts: tuple[Cut, ...]
    gift: bool = False

    @property
    def discount(self) -> Fen:
        return Fen(sum(cut.off_fen for cut in self.cuts))

    @property
    def amount(self) -> Fen:
        return Fen(self.facts.price_fen * self.wanted.quantity - self.discount)


def quote(asked: Asked, terms: Terms) -> Quote:
    """Price what is asked. Raises nothing: what stands against ordering is told by `deciding`."""
    known = [item for item in asked.wanted if item.sku_id in terms.facts]
    reduction = reduce([_item(item, terms) for item in known], terms.offers, asked.choice, asked.at)
    rows = [
        _Row(item, terms.facts[item.sku_id], cuts) for item, cuts in zip(known, reduction.lines, strict=True)
    ]
    carriage = freight([_freight_item(row) for row in rows], asked.division_code, terms.freight)
    rows += _gifts(reduction, terms)
    lines = _lines(rows, carriage, terms)
    return Quote(
        lines=lines,
        unknown=tuple(item.sku_id for item in asked.wanted if item.sku_id not in terms.facts),
        goods_fen=Fen(sum(row.amount for row in rows)),
        freight=carriage,
        currency=lines[0].facts.currency if lines else "CNY",
        seller_id=terms.seller_id,
        attribution=terms.attribution,
        reduction=reduction,
        version=_version(lines, carriage),
    )


def _item(item: Wanted, terms: Terms) -> Item:
    facts = terms.facts[item.sku_id]
    return Item(facts.sku_id, facts.product_id, item.quantity, facts.price_fen)


def _freight_item(row: _Row) -> FreightItem:
    facts = row.facts
    return FreightItem(
        facts.sku_id,
        facts.product_id,
        row.wanted.quantity,
        facts.weight_g,
        facts.volume_cm3,
        row.amount,
        facts.requires_shipping,
    )


def _gifts(reduction: Reduction, terms: Terms) -> list[_Row]:
    """A gift is a line of its own whose whole price is taken off; it goes along without freight."""
    rows = []
    for gift in reduction.gifts:
        facts = terms.facts[gift.sku_id]
        whole = Cut(gift.promotion_id, Kind.GIFT, Fen(facts.price_fen * gift.units), None)
        rows.append(_Row(Wanted(gift.sku_id, gift.units), facts, (whole,), gift=True))
    return rows


def _lines(rows: Sequence[_Row], carriage: FreightQuote, terms: Terms) -> tuple[QuotedLine, ...]:
    """The channel keeps its fee of the whole payment; each line bears its part of it."""
    freights = [Fen(0) if row.gift else carriage.by_sku.get(row.facts.sku_id, Fen(0)) for row in rows]
    paid = [Fen(row.amount + share) for row, share in zip(rows, freights, strict=True)]
    total_fee = apply_bps(Fen(sum(paid)), terms.fee_bps)
    fees = split(total_fee, paid) if any(paid) else [Fen(0)] * len(paid)
    return tuple(_line(row, terms, share, fee) for row, share, fee in zip(rows, freights, fees, strict=True))


def _line(row: _Row, terms: Terms, freight_fen: Fen, fee: Fen) -> QuotedLine:
    return QuotedLine(
        facts=row.facts,
        quantity=row.wanted.quantity,
        seen_version=row.wanted.price_version,
        source=terms.sources.get(row.wanted.sku_id),
        discount_fen=row.discount,
        paid_fen=row.amount,
        freight_fen=freight_fen,
        promoter_id=terms.attribution.promoter_id,
        shares=_shares(terms, row.amount, freight_fen, fee),
        cuts=row.cuts,
        gift=row.gift,
    )


def _shares(terms: Terms, paid: Fen, freight_fen: Fen, fee: Fen) -> tuple[Share, ...]:
    """Channel fee first, then the promoter of record, and the seller takes what is left. Never negative."""
    promoter, plan = terms.attribution.promoter_id, terms.plan
    earned = apply_bps(paid, plan.rate_bps) if promoter and plan else Fen(0)
    earned = Fen(min(earned, paid + freight_fen - fee))
    rest = Fen(paid + freight_fen - fee - earned)
    shares = [
        Share(ShareKind.CHANNEL_FEE, None, fee, f"fee:{terms.fee_bps}"),
        Share(ShareKind.PROMOTER, promoter, earned, plan.rule_version if plan else ""),
        Share(ShareKind.SELLER, terms.seller_id, rest, "rest"),
    ]
    return tuple(share for share in shares if share.amount_fen > 0)


def _version(lines: Sequence[QuotedLine], carriage: FreightQuote) -> str:
    """Of what the buyer sees: goods, units, amounts and freight. Sixteen hexadecimal digits.

    Freight that was open and turns out to be nothing changes nothing that the buyer has agreed to.
    """
    seen = [(str(one.facts.sku_id), one.quantity, one.discount_fen, one.paid_fen) for one in lines]
    return hashlib.sha256(repr((seen, carriage.total_fen or 0)).encode()).hexdigest()[:16]
