"""Flash sales as all visitors see them: what, at which price, when, and a hint of what is left.

The hint is never a promise: it is read at most half a second ago, and placing alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import SkuFacts, sku_facts
from tongdao.terms.promotions.marks import FEW, GOODS, OFFERS
from tongdao.terms.promotions.models import Kind, Promotion
from tongdao.terms.promotions.queries import Deal, flash_sales
from tongdao.trade.orders.operations.cart import MOST_UNITS
from tongdao.trade.routing.queries import route

State = Literal["coming", "running", "over"]
Hint = Literal["plenty", "few", "gone"]
SALE_MARKS = (OFFERS, GOODS)
SALE_FACTS: Mapping[str, object] = {"most": FEW + 1}


@dataclass(frozen=True, slots=True)
class Sale:
    """`base_fen` may be crossed out, None where the history bears nothing. `public_fen` is the price without
    the sale. `most` is how many one person may have."""

    promotion_id: UUID
    sku_id: UUID
    url: str
    product_url: str
    title: str
    product: str
    option_text: str
    picture: str
    price_fen: Fen
    base_fen: Fen | None
    public_fen: Fen
    starts_at: datetime
    ends_at: datetime
    state: State
    hint: Hint
    per_member: int | None

    @property
    def hint_text(self) -> str:
        return hint_text(self.hint)

    @property
    def most(self) -> int:
        return min(self.per_member or MOST_UNITS, MOST_UNITS)


def hint_of(left: int | None, available: int) -> Hint:
    """`left` of the sale's own quota (None: it has none), `available` of the goods."""
    units = available if left is None else min(left, available)
    if units < 1:
        return "gone"
    return "few" if units <= FEW else "plenty"


def hint_text(hint: Hint) -> str:
    return {
        "plenty": _("Plenty left"),
        "few": _("Few left"),
        "gone": _("Probably sold out"),
    }[hint]


def read_sales(store: Store) -> list[Sale]:
    """Those that run, then those to come, each by its time. Call it outside a scope."""
    now = clock.now()
    with merchant_scope(store.merchant_id):
        found = flash_sales(now)
        facts = sku_facts({deal.sku_id for deal in found})
        left = _available(facts)
    sales = [_sale(store, deal, facts[deal.sku_id], left) for deal in found if facts[deal.sku_id].saleable]
    return sorted(sales, key=lambda sale: (sale.state != "running", sale.starts_at, str(sale.promotion_id)))


def read_sale(store: Store, promotion_id: UUID) -> Sale:
    """One of them, also after its end. Raises NotFound, also before it is announced."""
    now = clock.now()
    with merchant_scope(store.merchant_id):
        deal = next((one for one in flash_sales(now) if one.promotion_id == promotion_id), None)
        row = Promotion.objects.filter(pk=promotion_id, kind=Kind.FLASH, starts_at__lte=now).first()
        sku_id = deal.sku_id if deal else row.sku_id if row else None
        facts = sku_facts([sku_id]) if sku_id else {}
        left = _available(facts)
    if sku_id is None or not facts[sku_id].saleable:
        raise NotFound()
    if deal is not None:
        return _sale(store, deal, facts[sku_id], left)
    assert row is not None and row.price_fen is not None
    return _make(
        store,
        facts[sku_id],
        (row.id, row.title, Fen(row.price_fen), None),
        (row.starts_at, min(row.ends_at, row.stopped_at or row.ends_at)),
        ("over", "gone", row.per_member),
    )


def _available(sku_ids: Iterable[UUID]) -> dict[UUID, int]:
    return {id: source.available for id, source in route(sku_ids).items()}


def _sale(store: Store, deal: Deal, facts: SkuFacts, left: Mapping[UUID, int]) -> Sale:
    return _make(
        store,
        facts,
        (deal.promotion_id, deal.title, deal.price_fen, deal.base_fen),
        (deal.starts_at, deal.ends_at),
        (
            "running" if deal.running else "coming",
            hint_of(deal.left, left.get(deal.sku_id, 0)),
            deal.per_member,
        ),
    )


def _make(
    store: Store,
    facts: SkuFacts,
    what: tuple[UUID, str, Fen, Fen | None],
    when: tuple[datetime, datetime],
    how: tuple[State, Hint, int | None],
) -> Sale:
    id, title, price, base = what
    return Sale(
        promotion_id=id,
        sku_id=facts.sku_id,
        url=store.url("flash", promotion_id=id),
        product_url=store.url("product", handle=facts.handle),
        title=title,
        product=facts.title,
        option_text=facts.option_text,
        picture=picture_url(facts.picture),
        price_fen=price,
        base_fen=base,
        public_fen=facts.price_fen,
        starts_at=when[0],
        ends_at=when[1],
        state=how[0],
        hint=how[1],
        per_member=how[2],
    )
