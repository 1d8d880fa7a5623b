"""`quote` is pure: from what is wanted and the terms that were read, to lines, amounts and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen, apply_bps, split
from tongdao.goods.catalog.queries import SkuFacts
from tongdao.reach.traffic.queries import Attribution
from tongdao.terms.plans.queries import Plan
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.routing.queries import Source

PROMISES: Mapping[str, Any] = {"return_days": 7, "ship_hours": 48, "version": "2026-11"}
"""What every line promises the buyer, frozen as `policies`: days of no-reason return, hours to ship."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of a cart. `price_version` is the one the buyer saw; None means that none was shown."""

    sku_id: UUID
    quantity: int
    price_version: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that was read for a quote, at `at`. `fee_bps`: what the payment channel keeps."""

    at: datetime
    facts: Mapping[UUID, SkuFacts]
    sources: Mapping[UUID, Source]
    attribution: Attribution
    plan: Plan | None
    fee_bps: int
    seller_id: UUID


@dataclass(frozen=True, slots=True)
class Share:
    """A party's part of a line, in fen, and the rule that gave it."""

    kind: ShareKind
    beneficiary: UUID | None
    amount_fen: Fen
    rule_version: str


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """`paid_fen` is for all units, after discounts; the shares sum to it and `freight_fen`."""

    facts: SkuFacts
    quantity: int
    seen_version: int | None
    source: Source | None
    discount_fen: Fen
    paid_fen: Fen
    freight_fen: Fen
    promoter_id: UUID | None
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What the buyer would pay now. `unknown` are SKUs that this merchant does not have."""

    lines: tuple[QuotedLine, ...]
    unknown: tuple[UUID, ...]
    goods_fen: Fen
    freight_fen: Fen
    currency: str
    seller_id: UUID
    attribution: Attribution

    @property
    def total_fen(self) -> Fen:
        return Fen(self.goods_fen + self.freight_fen)


def quote(wanted: Sequence[Wanted], terms: Terms) -> Quote:
    """Price what is wanted. Raises nothing: what stands against ordering is told by `objections`."""
    known = [item for item in wanted if item.sku_id in terms.facts]
    goods = [Fen(terms.facts[item.sku_id].price_fen * item.quantity) for item in known]
    freight = Fen(0)  # the merchant pays it; templates come with terms.agreements
    freights = split(freight, goods) if any(goods) else [Fen(0)] * len(goods)
    paid = [Fen(amount + share) for amount, share in zip(goods, freights, strict=True)]
    total_fee = apply_bps(Fen(sum(paid)), terms.fee_bps)
    fees = split(total_fee, paid) if any(paid) else [Fen(0)] * len(paid)
    lines = tuple(
        _line(item, terms, amount, freight_share, fee)
        for item, amount, freight_share, fee in zip(known, goods, freights, fees, strict=True)
    )
    return Quote(
        lines=lines,
        unknown=tuple(item.sku_id for item in wanted if item.sku_id not in terms.facts),
        goods_fen=Fen(sum(goods)),
        freight_fen=freight,
        currency=lines[0].facts.currency if lines else "CNY",
        seller_id=terms.seller_id,
        attribution=terms.attribution,
    )


def _line(item: Wanted, terms: Terms, amount: Fen, freight: Fen, fee: Fen) -> QuotedLine:
    return QuotedLine(
        facts=terms.facts[item.sku_id],
        quantity=item.quantity,
        seen_version=item.price_version,
        source=terms.sources.get(item.sku_id),
        discount_fen=Fen(0),
        paid_fen=amount,
        freight_fen=freight,
        promoter_id=terms.attribution.promoter_id,
        shares=_shares(terms, amount, freight, fee),
    )


def _shares(terms: Terms, paid: Fen, freight: Fen, fee: Fen) -> tuple[Share, ...]:
    """Channel fee first, then the promoter of record, and the seller takes what is left. Never negative."""
    promoter, plan = terms.attribution.promoter_id, terms.plan
    earned = apply_bps(paid, plan.rate_bps) if promoter and plan else Fen(0)
    earned = Fen(min(earned, paid + freight - fee))
    rest = Fen(paid + freight - fee - earned)
    shares = [
        Share(ShareKind.CHANNEL_FEE, None, fee, f"fee:{terms.fee_bps}"),
        Share(ShareKind.PROMOTER, promoter, earned, plan.rule_version if plan else ""),
        Share(ShareKind.SELLER, terms.seller_id, rest, "rest"),
    ]
    return tuple(share for share in shares if share.amount_fen > 0)
