"""One look at all that a desk finds by a few characters: orders, products, orders of those, members."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from tongdao.faces.console.reading.member_list import MemberRow, member_rows
from tongdao.faces.console.reading.order_list import OrderRow, order_rows
from tongdao.faces.console.reading.product_list import ProductRow, product_rows
from tongdao.goods.catalog.models import Sku
from tongdao.goods.search.queries import find_products
from tongdao.goods.search.tokens import code_token
from tongdao.party.members.finding import mask_typed, persons_by_name, persons_by_sign_in
from tongdao.trade.lookup.queries import orders_by_number_end, orders_by_phone_end, orders_with_skus

FEW = 10  # of each kind
PHONE = 11  # digits


@dataclass(frozen=True, slots=True)
class Looked:
    """`by_number` end so, `by_phone` go to a phone that ends so, `with_goods` hold one of `products`.

    `by_sign_in` sign in with what was typed, or with a number that ends so; `by_name` are shown as `mask`.
    `tokens` and `sounds` are what marks the names of products; `guessed`: they are not as typed.
    """

    by_number: Sequence[OrderRow]
    by_phone: Sequence[OrderRow]
    products: Sequence[ProductRow]
    with_goods: Sequence[OrderRow]
    by_sign_in: Sequence[MemberRow]
    by_name: Sequence[MemberRow]
    mask: str
    tokens: AbstractSet[str]
    sounds: Mapping[UUID, str]
    guessed: bool

    @property
    def nothing(self) -> bool:
        return not (self.by_number or self.by_phone or self.products or self.by_sign_in or self.by_name)


def look(query: str, *, members: bool) -> Looked:
    """`members`: whether they are looked for, too."""
    digits = re.sub(r"[\s-]", "", query)
    if not re.fullmatch(r"[0-9]+", digits):
        digits = ""
    tail = digits[-4:] if len(digits) in (4, PHONE) else ""
    found = find_products(query, limit=FEW, hidden=True)
    return Looked(
        by_number=order_rows(orders_by_number_end(digits, limit=FEW)),
        by_phone=order_rows(orders_by_phone_end(tail, limit=FEW)),
        products=product_rows(found.ids),
        with_goods=order_rows(orders_with_skus(_skus(found.ids, found.tokens), limit=FEW)),
        by_sign_in=member_rows(persons_by_sign_in(query), FEW) if members else (),
        by_name=member_rows(persons_by_name(query), FEW) if members else (),
        mask=mask_typed(query),
        tokens=found.tokens,
        sounds=found.sounds or {},
        guessed=found.guessed,
    )


def _skus(product_ids: Sequence[UUID], tokens: AbstractSet[str]) -> list[UUID]:
    """Those whose code was typed; where none was, all of these products."""
    rows = list(Sku.objects.filter(product_id__in=product_ids).order_by("id").values_list("id", "code"))
    typed = [id for id, code in rows if code and code_token(code) in tokens]
    return typed or [id for id, _ in rows]
