"""Which stock owner ships. Today the merchant's own nodes: the one with most to promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.tenancy import current_merchant


@dataclass(frozen=True, slots=True)
class Source:
    """Stock that can serve a SKU. `available` is a hint until the row is locked."""

    stock_id: UUID
    node_id: UUID
    available: int


_SERVING = """
select distinct on (sku_id) sku_id, id, node_id, on_hand - reserved from stock
where merchant_id = %s and sku_id = any(%s) order by sku_id, on_hand - reserved desc, id
"""


def route(sku_ids: Iterable[UUID]) -> dict[UUID, Source]:
    """The best source of each SKU; one without stock rows is left out."""
    return read(ask_route(sku_ids))


def ask_route(sku_ids: Iterable[UUID]) -> Asking[dict[UUID, Source]]:
    """`route`, side by side with other questions."""
    wanted = list(sku_ids)
    rows = (yield from ask(_SERVING, [current_merchant(), wanted])) if wanted else []
    return {sku_id: Source(id, node_id, available) for sku_id, id, node_id, available in rows}
