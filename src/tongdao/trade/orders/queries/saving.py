"""What coupons saved on a person's orders at a merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import uses_of
from tongdao.trade.orders.models import Order

LATEST = 100  # orders that are looked at


@dataclass(frozen=True, slots=True)
class CouponUse:
    """`returned`: the order was undone, so the coupon counts as not used."""

    order_id: UUID
    placed_at: datetime
    promotion_id: UUID
    title: str
    off_fen: Fen
    returned: bool


def coupon_uses(person_id: UUID) -> tuple[CouponUse, ...]:
    """On the latest orders, the latest first."""
    orders = dict(
        Order.objects.filter(person_id__same_as=person_id)
        .order_by("-placed_at", "-id")
        .values_list("id", "placed_at")[:LATEST]
    )
    uses = uses_of(orders)
    return tuple(
        CouponUse(order_id, at, use.promotion_id, use.title, use.off_fen, use.returned)
        for order_id, at in orders.items()
        for use in uses.get(order_id, ())
        if use.kind == Kind.COUPON
    )
