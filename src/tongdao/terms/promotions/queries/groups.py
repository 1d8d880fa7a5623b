"""Buying groups as buyers see them, and the orders that wait for one or lost it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.sweeping import due_rows
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.models import Group, PromotionUse

# Closing an unpaid order asks the channel: merchants take turns, and one refused does not hold up the next.
UNDONE = """
select seat.merchant_id, seat.order_id from buying_group g
join promotion_use seat on seat.merchant_id = g.merchant_id and seat.group_id = g.id and seat.state = 'held'
where g.state = 'dissolved' and g.taken > 0 and g.deadline <= %s
order by row_number() over (partition by seat.merchant_id order by random()), random() limit %s
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


_WAITING = """
select u.order_id from promotion_use u
join buying_group g on g.merchant_id = u.merchant_id and g.id = u.group_id
where u.merchant_id = %s and u.order_id = any(%s) and u.state = 'held' and g.state <> 'formed'
"""  # as waiting_seats: every page of orders asks it


def waiting_seats() -> QuerySet[PromotionUse]:
    """Seats that orders hold in groups that have not formed, to be narrowed down or asked about."""
    return PromotionUse.objects.filter(state="held", group__isnull=False).exclude(group__state="formed")


def waiting_orders(order_ids: Collection[UUID]) -> set[UUID]:
    """Those of the orders whose group has not formed: they are not to be packed."""
    return read(ask_waiting(order_ids))


def ask_waiting(order_ids: Collection[UUID]) -> Asking[set[UUID]]:
    """The same, asked side by side with what else a page needs."""
    rows = yield from ask(_WAITING, [current_merchant(), list(order_ids)])
    return {id for (id,) in rows}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The group that an order waits for: `paid` of `size` seats are paid, and it ends at `deadline`."""

    group_id: UUID
    size: int
    paid: int
    deadline: datetime
    dissolved: bool


def groups_awaited(order_ids: Collection[UUID]) -> dict[UUID, Waiting]:
    """By order; orders that wait for no group are left out."""
    seats = waiting_seats().filter(order_id__in=list(order_ids)).select_related("group")
    return {
        seat.order_id: Waiting(
            group.id, group.size, group.paid, group.deadline, dissolved=group.state == "dissolved"
        )
        for seat in seats
        if (group := seat.group) is not None
    }


def orders_of_dissolved(now: datetime, limit: int = 200) -> list[tuple[UUID, UUID]]:
    """(merchant, order) of all merchants whose seat is in a dissolved group. Outside any scope.

    They are to be closed, or cancelled with their money back; `return_uses` takes them off this list.
    """
    return [(row[0], row[1]) for row in due_rows(UNDONE, now, limit)]
