"""Reading what quotes stand on: for one cart or for a batch of them, in the same few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.goods.catalog.queries import SkuFacts, sku_facts
from tongdao.party.merchants.operations import current_fee_bps
from tongdao.party.network.operations import own_node_id
from tongdao.reach.traffic.queries import Visit, attribute_many
from tongdao.rulebook import trade
from tongdao.terms.agreements.queries import read_freight
from tongdao.terms.plans.queries import plan_at
from tongdao.terms.promotions.offers import Offer
from tongdao.terms.promotions.queries import OfferBook, read_offers
from tongdao.trade.orders.quoting import Terms
from tongdao.trade.orders.wishing import Asked
from tongdao.trade.routing.queries import Source, route


def read_terms(asked: Sequence[Asked]) -> list[Terms]:
    """What each cart's quote stands on, in order: prices, promotions, freight, stock owners, who referred,
    what was agreed with them and with the channel. As of the latest of the carts, without a lock.
    """
    at = max(each.at for each in asked)
    facts = sku_facts({item.sku_id for each in asked for item in each.wanted})
    book = _offers(asked, at, facts)
    gifts = book.gift_skus - facts.keys()
    facts |= sku_facts(gifts) if gifts else {}
    window = trade.ATTRIBUTION_WINDOW.on(at.date())
    attributions = attribute_many([Visit(e.visitor, e.person_id, e.at) for e in asked], window=window)
    shared: dict[str, Any] = {
        "facts": facts,
        "sources": route(facts),
        "plan": plan_at(at),
        "fee_bps": current_fee_bps(),
        "seller_id": own_node_id(),
        "freight": read_freight({one.product_id for one in facts.values()}),
    }
    return [
        Terms(
            offers=_own(book, each, shared["sources"]),
            attribution=attribution,
            **shared,
        )
        for each, attribution in zip(asked, attributions, strict=True)
    ]


def _own(book: OfferBook, asked: Asked, sources: Mapping[UUID, Source]) -> list[Offer]:
    """The offers for this cart. A gift that is not in stock is none, and holds up no order."""
    own = book.of(asked.person_id, asked.choice.group, {item.sku_id for item in asked.wanted})
    return [offer for offer in own if offer.gift_units is None or _given(offer, offer.gift_units, sources)]


def _given(offer: Offer, units: int, sources: Mapping[UUID, Source]) -> bool:
    source = sources.get(offer.sku_id) if offer.sku_id else None
    return source is not None and source.available >= units


def _offers(asked: Sequence[Asked], at: datetime, facts: Mapping[UUID, SkuFacts]) -> OfferBook:
    choices = [each.choice for each in asked]
    return read_offers(
        at,
        skus=list(facts),
        persons={each.person_id for each in asked},
        codes={code for choice in choices for code in choice.codes},
        coupons={id for choice in choices for id in choice.coupons or ()},
        groups={choice.group for choice in choices if choice.group},
    )
