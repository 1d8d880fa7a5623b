"""Buying groups as buyers see them, and the orders that wait for one or lost it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.sweeping import due_rows
from tongdao.terms.promotions.models import Group, PromotionUse

UNDONE = """
select seat.merchant_id, seat.order_id from buying_group g
join promotion_use seat on seat.merchant_id = g.merchant_id and seat.group_id = g.id and seat.state = 'held'
where g.state = 'dissolved' and g.taken > 0 and g.deadline <= %s order by g.deadline, seat.id limit %s
"""


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group without its people: who sits in it is nobody's to see. `joinable`: `left` seats can still be
    taken, until `deadline`."""

    group_id: UUID
    promotion_id: UUID
    title: str
    sku_id: UUID
    price_fen: Fen
    size: int
    taken: int
    paid: int
    deadline: datetime
    state: str
    joinable: bool

    @property
    def left(self) -> int:
        return self.size - self.taken


def group_view(group_id: UUID, at: datetime) -> GroupView:
    """Raises NotFound."""
    group = Group.objects.select_related("promotion").filter(pk=group_id).first()
    if group is None:
        raise NotFound()
    return _view(group, at)


def open_groups(promotion_id: UUID, at: datetime, limit: int = 5) -> tuple[GroupView, ...]:
    """Groups of a promotion that can be joined, the one that ends first at the top."""
    rows = Group.objects.select_related("promotion").filter(
        promotion_id=promotion_id, state="open", deadline__gt=at, taken__lt=F("size")
    )
    views = [_view(group, at) for group in rows.order_by("deadline", "id")[:limit]]
    return tuple(view for view in views if view.joinable)


def _view(group: Group, at: datetime) -> GroupView:
    promotion = group.promotion
    if promotion.sku_id is None or promotion.price_fen is None:
        raise AssertionError("a group buy has a SKU and a price, by constraint")
    runs = promotion.stopped_at is None and promotion.starts_at <= at < promotion.ends_at
    return GroupView(
        group_id=group.id,
        promotion_id=promotion.id,
        title=promotion.title,
        sku_id=promotion.sku_id,
        price_fen=promotion.price_fen,
        size=group.size,
        taken=group.taken,
        paid=group.paid,
        deadline=group.deadline,
        state=group.state,
        joinable=runs and group.state == "open" and at < group.deadline and group.taken < group.size,
    )


def waiting_orders(order_ids: Collection[UUID]) -> set[UUID]:
    """Those of the orders whose group has not formed: they are not to be packed."""
    seats = PromotionUse.objects.filter(order_id__in=list(order_ids), state="held", group__isnull=False)
    return set(seats.exclude(group__state="formed").values_list("order_id", flat=True))


def orders_of_dissolved(now: datetime, limit: int = 200) -> list[tuple[UUID, UUID]]:
    """(merchant, order) of all merchants whose seat is in a dissolved group. Outside any scope.

    They are to be closed, or cancelled with their money back; `return_uses` takes them off this list.
    """
    return [(row[0], row[1]) for row in due_rows(UNDONE, now, limit)]
