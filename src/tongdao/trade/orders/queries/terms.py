"""Reading what quotes stand on: for one cart or for a batch of them, in the same two journeys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tongdao.foundation.reading import Asking, gather, read
from tongdao.goods.catalog.queries import SkuFacts, ask_sku_facts
from tongdao.party.merchants.operations import ask_selling
from tongdao.party.network.operations import ask_own_node_id
from tongdao.reach.traffic.queries import Attribution, Visit, ask_attributions
from tongdao.rulebook import trade
from tongdao.terms.agreements.freight import FreightTerms
from tongdao.terms.agreements.queries import Templates, ask_freight, ask_templates
from tongdao.terms.plans.queries import Plan, ask_grades, ask_plan
from tongdao.terms.promotions.offers import Offer
from tongdao.terms.promotions.queries import OfferBook, ask_offers, ask_used
from tongdao.trade.orders.quoting import Terms
from tongdao.trade.orders.wishing import Asked
from tongdao.trade.routing.queries import Source, ask_route


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for whoever asks: it is read while it is not known yet who that is."""

    facts: Mapping[UUID, SkuFacts]
    sources: Mapping[UUID, Source]
    book: OfferBook
    templates: Templates
    plan: Plan | None
    fee_bps: int
    seller_id: UUID


def read_terms(asked: Sequence[Asked]) -> list[Terms]:
    """What each cart's quote stands on, in order: prices, promotions, freight, stock owners, who referred,
    what was agreed with them and with the channel. As of the latest of the carts, without a lock.
    """
    return read(ask_own_terms(asked, read(ask_common(asked))))


def ask_common(asked: Sequence[Asked]) -> Asking[Common]:
    """All that does not depend on the buyers."""
    at = max(each.at for each in asked)
    skus = {item.sku_id for each in asked for item in each.wanted}
    found = yield from gather(
        ask_sku_facts(skus),
        ask_route(skus),
        _ask_offers(asked, at, skus),
        ask_templates(),
        ask_plan(at),
        ask_selling(),
        ask_own_node_id(),
    )
    return Common(*found)


def ask_own_terms(asked: Sequence[Asked], common: Common) -> Asking[list[Terms]]:
    """What each buyer's quote stands on: who referred him, what he has used, and the gifts that may come."""
    gifts = common.book.gift_skus - common.facts.keys()
    visits = [Visit(each.visitor, each.person_id, each.at) for each in asked]
    at = max(each.at for each in asked)
    (attributions, grades), book, freight, facts, sources = yield from gather(
        _ask_promoters(visits, at, common.plan),
        ask_used(common.book, {each.person_id for each in asked}),
        ask_freight(common.templates, {one.product_id for one in common.facts.values()}),
        ask_sku_facts(gifts),
        ask_route(gifts),
    )
    whole = replace(common, facts={**common.facts, **facts}, sources={**common.sources, **sources}, book=book)
    return [
        _terms(whole, freight, each, attribution, grades)
        for each, attribution in zip(asked, attributions, strict=True)
    ]


def _ask_promoters(
    visits: Sequence[Visit], at: datetime, plan: Plan | None
) -> Asking[tuple[list[Attribution], dict[UUID, str]]]:
    """Who referred each buyer and, where the plan makes a difference of it, the grades of those who did."""
    found = yield from ask_attributions(visits, window=trade.ATTRIBUTION_WINDOW.on(at))
    if plan is None or not plan.graded:
        return found, {}
    named = [by.promoter_id for each in found for by in (each, each.as_own()) if by]
    grades = yield from ask_grades({promoter for promoter in named if promoter}, at)
    return found, grades


def _terms(
    common: Common,
    freight: FreightTerms,
    asked: Asked,
    attribution: Attribution,
    grades: Mapping[UUID, str],
) -> Terms:
    return Terms(
        facts=common.facts,
        sources=common.sources,
        attribution=attribution,
        plan=common.plan,
        fee_bps=common.fee_bps,
        seller_id=common.seller_id,
        offers=_own(common.book, asked, common.sources),
        freight=freight,
        grades=grades,
    )


def _own(book: OfferBook, asked: Asked, sources: Mapping[UUID, Source]) -> list[Offer]:
    """The offers for this cart. A gift that is not in stock is none, and holds up no order."""
    own = book.of(asked.person_id, asked.choice.group, {item.sku_id for item in asked.wanted})
    return [offer for offer in own if offer.gift_units is None or _given(offer, offer.gift_units, sources)]


def _given(offer: Offer, units: int, sources: Mapping[UUID, Source]) -> bool:
    source = sources.get(offer.sku_id) if offer.sku_id else None
    return source is not None and source.available >= units


def _ask_offers(asked: Sequence[Asked], at: datetime, skus: Collection[UUID]) -> Asking[OfferBook]:
    choices = [each.choice for each in asked]
    return ask_offers(
        at,
        skus=skus,
        codes={code for choice in choices for code in choice.codes},
        coupons={id for choice in choices for id in choice.coupons or ()},
        groups={choice.group for choice in choices if choice.group},
    )
