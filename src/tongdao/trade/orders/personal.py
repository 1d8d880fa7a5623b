"""What this room holds of a buyer. A trade stays on record by law, but nobody is named in it any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tongdao.foundation import clock
from tongdao.foundation.hooks import register
from tongdao.foundation.personal import BLANK, ERASE, holds
from tongdao.foundation.tenancy import person_scope
from tongdao.trade.orders.models import CartLine, DeliveryAddress, Order, OrderLine, Purchase
from tongdao.trade.orders.refusals import OrdersUnfinished

UNFINISHED = ("placed", "closing", "paid")
TRADE = ("retention.trade_records",)


@register(ERASE)
def still_buys(person_id: UUID) -> OrdersUnfinished | None:
    """An order on its way needs its address."""
    with person_scope(person_id):
        count = Order.objects.filter(state__in=UNFINISHED).count()
    return OrdersUnfinished(count=count) if count else None


ENDED = ("completed", "closed", "cancelled")


def ended_before(before: datetime, order: str = "") -> Q:
    """Trades that ended before. `order` is the look-up that leads to the order, such as "talk__order__"."""
    ended = Q(**{f"{order}completed_at__lt": before}) | Q(**{f"{order}closed_at__lt": before})
    return ended & Q(**{f"{order}state__in": ENDED})


def forget_addresses(before: datetime, at_once: int) -> int:
    """Write over the addresses of trades that ended before; returns how many. In a merchant's scope."""
    late = Order.objects.filter(placed_at__gte=before) | Order.objects.exclude(state__in=ENDED)
    late |= Order.objects.filter(completed_at__gte=before) | Order.objects.filter(closed_at__gte=before)
    old = DeliveryAddress.objects.filter(erased_at__isnull=True, purchase__placed_at__lt=before)
    old = old.exclude(purchase_id__in=late.filter(purchase__placed_at__lt=before).values("purchase_id"))
    ids = list(old.order_by("id").values_list("id", flat=True)[:at_once])
    return DeliveryAddress.objects.filter(pk__in=ids).update(**_unreadable()) if ids else 0


def _unreadable() -> dict[str, object]:
    return {"recipient": BLANK, "phone": BLANK, "detail": BLANK, "erased_at": clock.now()}


holds(CartLine, "erased", shows=("sku__product__title", "quantity", "added_at"))
holds(
    DeliveryAddress,
    "blanked",
    shows=("recipient", "phone", "detail", "division_code"),
    blank={"recipient": BLANK, "phone": BLANK, "detail": BLANK, "erased_at": clock.now},
)
holds(Purchase, "kept", shows=("placed_at", "total_fen", "currency"), laws=TRADE, since="placed_at")
holds(
    Order,
    "kept",
    shows=(
        "number",
        "state",
        "placed_at",
        "goods_fen",
        "freight_fen",
        "total_fen",
        "paid_at",
        "completed_at",
    ),
    laws=TRADE,
    since="completed_at",
)
holds(
    OrderLine,
    "kept",
    person="order__person_id",
    shows=("order__number", "title", "option_text", "quantity", "paid_fen", "policies__consented"),
    laws=TRADE,
    since="order__completed_at",
)
