"""Reading what a quote stands on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tongdao.goods.catalog.queries import sku_facts
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.network.operations import own_node
from tongdao.reach.traffic.queries import attribute
from tongdao.rulebook import trade
from tongdao.terms.plans.queries import plan_at
from tongdao.trade.orders.quoting import Terms, Wanted
from tongdao.trade.routing.queries import route


def read_terms(wanted: Sequence[Wanted], *, person_id: UUID, visitor: UUID | None, at: datetime) -> Terms:
    """Prices, stock owners, who referred, what was agreed with them and with the channel, as of now."""
    ids = [item.sku_id for item in wanted]
    account = MerchantAccount.objects.filter(effective_to__isnull=True).only("fee_bps").first()
    window = trade.ATTRIBUTION_WINDOW.on(at.date())
    return Terms(
        at=at,
        facts=sku_facts(ids),
        sources=route(ids),
        attribution=attribute(visitor=visitor, person_id=person_id, at=at, window=window),
        plan=plan_at(at),
        fee_bps=account.fee_bps if account else 0,
        seller_id=own_node().id,
    )
