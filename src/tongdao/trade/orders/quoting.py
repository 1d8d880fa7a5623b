"""`quote` is pure: from what is asked and the terms that were read, to lines, amounts and shares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen, apply_bps, split
from tongdao.goods.catalog.queries import SkuFacts
from tongdao.reach.traffic.queries import Attribution
from tongdao.terms.agreements.freight import FreightItem, FreightQuote, FreightTerms, freight
from tongdao.terms.plans.matching import Earned, Matched, Sale, match_all
from tongdao.terms.plans.queries import Plan
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.pricing import Cut, Item, Offer, Reduction, reduce
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.orders.promises import PROMISES, policies_of
from tongdao.trade.orders.wishing import Asked, Wanted
from tongdao.trade.routing.queries import Source

AMOUNTS = 10
"""How many digits of a quote's version tell of its amounts; the others also of what cannot be given back."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that was read for a quote. `fee_bps`: what the payment channel keeps; `grades`: of promoters
    who may be paid, where the plan asks for them.
    """

    facts: Mapping[UUID, SkuFacts]
    sources: Mapping[UUID, Source]
    attribution: Attribution
    plan: Plan | None
    fee_bps: int
    seller_id: UUID
    offers: Sequence[Offer] = ()
    freight: FreightTerms = field(default_factory=FreightTerms)
    grades: Mapping[UUID, str] = field(default_factory=dict)


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

    `gift`: nobody asked for it, a promotion adds it. `policies`: what is promised (promises.policies_of).
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
    policies: Mapping[str, Any] = field(default_factory=lambda: PROMISES)


@dataclass(frozen=True, slots=True)
class Quote:
    """What the buyer would pay now. `unknown` are SKUs that this merchant does not have.

    `version` changes with every amount that the buyer sees and with what cannot be given back; it is what
    he confirms. `spends`: what rules with a budget pay, by rule; `budgets`: those that were looked at.
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
    spends: Mapping[UUID, Fen] = field(default_factory=dict)
    budgets: frozenset[UUID] = frozenset()

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
    parts = _parts(rows, carriage, terms)
    attribution, matched = _promoter(rows, parts, asked.at, terms)
    lines = tuple(
        _line(row, part, terms, asked.at, attribution.promoter_id, matched.lines[place])
        for place, (row, part) in enumerate(zip(rows, parts, strict=True))
    )
    return Quote(
        lines=lines,
        unknown=tuple(item.sku_id for item in asked.wanted if item.sku_id not in terms.facts),
        goods_fen=Fen(sum(row.amount for row in rows)),
        freight=carriage,
        currency=lines[0].facts.currency if lines else "CNY",
        seller_id=terms.seller_id,
        attribution=attribution,
        reduction=reduction,
        version=_version(lines, carriage),
        spends=matched.spent,
        budgets=matched.looked,
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


Part = tuple[Fen, Fen]
"""What a line bears of the freight and of the channel's fee."""


def _parts(rows: Sequence[_Row], carriage: FreightQuote, terms: Terms) -> list[Part]:
    """The channel keeps its fee of the whole payment; each line bears its part of it."""
    freights = [Fen(0) if row.gift else carriage.by_sku.get(row.facts.sku_id, Fen(0)) for row in rows]
    paid = [Fen(row.amount + share) for row, share in zip(rows, freights, strict=True)]
    total_fee = apply_bps(Fen(sum(paid)), terms.fee_bps)
    fees = split(total_fee, paid) if any(paid) else [Fen(0)] * len(paid)
    return list(zip(freights, fees, strict=True))


def _promoter(
    rows: Sequence[_Row], parts: Sequence[Part], at: datetime, terms: Terms
) -> tuple[Attribution, Matched]:
    """Who is the promoter of record, and what the plan's rules pay for each line.

    The buyer itself is that only where its own touch counts and a rule pays for own purchases.
    """
    own = terms.attribution.as_own() if terms.plan and terms.plan.pays_own else None
    if own is not None:
        matched = _match(rows, parts, at, terms, own, own=True)
        if any(line and line.fen for line in matched.lines):
            return own, matched
    return terms.attribution, _match(rows, parts, at, terms, terms.attribution, own=False)


def _match(
    rows: Sequence[_Row], parts: Sequence[Part], at: datetime, terms: Terms, by: Attribution, *, own: bool
) -> Matched:
    if terms.plan is None or by.promoter_id is None:
        return Matched((None,) * len(rows), {}, frozenset())
    grade = terms.grades.get(by.promoter_id, "")
    sales = [
        Sale(
            sku_id=row.facts.sku_id,
            product_id=row.facts.product_id,
            category=row.facts.category,
            channel=by.channel,
            grade=grade,
            at=at,
            quantity=row.wanted.quantity,
            paid_fen=row.amount,
            room_fen=Fen(row.amount + freight_fen - fee),
            own=own,
        )
        for row, (freight_fen, fee) in zip(rows, parts, strict=True)
    ]
    return match_all(terms.plan.rules, sales)


def _line(
    row: _Row, part: Part, terms: Terms, at: datetime, promoter_id: UUID | None, earned: Earned | None
) -> QuotedLine:
    excluded = row.facts.return_exclusion
    return QuotedLine(
        facts=row.facts,
        quantity=row.wanted.quantity,
        seen_version=row.wanted.price_version,
        source=terms.sources.get(row.wanted.sku_id),
        discount_fen=row.discount,
        paid_fen=row.amount,
        freight_fen=part[0],
        promoter_id=promoter_id,
        shares=_shares(terms, row.amount, part, promoter_id, earned),
        cuts=row.cuts,
        gift=row.gift,
        policies=policies_of(excluded, row.wanted.agreed, at) if excluded else PROMISES,
    )


def _shares(
    terms: Terms, paid: Fen, part: Part, promoter_id: UUID | None, earned: Earned | None
) -> tuple[Share, ...]:
    """Channel fee first, then the promoter of record, and the seller takes what is left. Never negative."""
    freight_fen, fee = part
    fen = earned.fen if earned else Fen(0)
    rule = terms.plan.name(earned.rule) if terms.plan and earned else ""
    shares = [
        Share(ShareKind.CHANNEL_FEE, None, fee, f"fee:{terms.fee_bps}"),
        Share(ShareKind.PROMOTER, promoter_id, fen, rule),
        Share(ShareKind.SELLER, terms.seller_id, Fen(paid + freight_fen - fee - fen), "rest"),
    ]
    return tuple(share for share in shares if share.amount_fen > 0)


def _version(lines: Sequence[QuotedLine], carriage: FreightQuote) -> str:
    """Of what the buyer sees: goods, units, amounts and freight. Sixteen hexadecimal digits, the last of them
    of what cannot be given back, where there is such a thing.

    Freight that was open and turns out to be nothing changes nothing that the buyer has agreed to.
    """
    seen = [(str(one.facts.sku_id), one.quantity, one.discount_fen, one.paid_fen) for one in lines]
    amounts = hashlib.sha256(repr((seen, carriage.total_fen or 0)).encode()).hexdigest()[:16]
    told = [(str(one.facts.sku_id), code) for one in lines if (code := one.policies.get("exclusion"))]
    if not told:
        return amounts
    return amounts[:AMOUNTS] + hashlib.sha256(repr(told).encode()).hexdigest()[: 16 - AMOUNTS]
