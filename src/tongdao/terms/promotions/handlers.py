"""What promotions say to a change of public prices below them (goods.catalog asks)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tongdao.goods.catalog.objecting import Objection, Wanted, price_rule
from tongdao.terms.promotions.models import Promotion

OFFER = "price_below_offer"


@price_rule
def offers_stay_offers(wanted: Wanted, at: datetime) -> Mapping[UUID, Objection]:
    """A flash or group price that runs at `at`, or begins later, lies below the public price, or it is none.

    Interim Provisions on Regulating Promotional Acts (2020), Art. 21: a discount is one against a price that
    is really asked.
    """
    live = Promotion.objects.filter(sku_id__in=list(wanted), price_fen__isnull=False)
    live = live.filter(ends_at__gt=at, stopped_at__isnull=True).order_by("-price_fen", "id")
    found: dict[UUID, Objection] = {}
    for id, sku_id, price in live.values_list("id", "sku_id", "price_fen"):
        if sku_id is not None and price is not None and wanted[sku_id] <= price:
            found.setdefault(sku_id, Objection(OFFER, {"promotion_id": str(id), "offer_fen": int(price)}))
    return found
