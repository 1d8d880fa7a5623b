"""The life of a buying group: seats are paid until it forms, or its time passes and it dissolves.

A group whose last seats are taken and not yet paid is left alone after its deadline: unpaid orders end by
themselves soon, and then it has either formed or has a free seat. Nobody can join it meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.terms.promotions.events import GroupDissolved, GroupFormed
from tongdao.terms.promotions.locking import lock_promotions
from tongdao.terms.promotions.models import Group, PromotionUse
from tongdao.terms.promotions.states import GROUP

GROUPED = """
select promotion_id from promotion_use
where merchant_id = %s and order_id = any(%s) and state = 'held' and group_id is not null
"""
PAY_SEATS = """
update promotion_use seat set paid_at = %(at)s
from buying_group g
where seat.merchant_id = %(merchant)s and seat.order_id = any(%(orders)s) and seat.state = 'held'
  and seat.paid_at is null and g.merchant_id = seat.merchant_id and g.id = seat.group_id and g.state = 'open'
returning seat.group_id
"""
COUNT = "update buying_group set paid = paid + %s where merchant_id = %s and id = %s"
DUE = """
select merchant_id, id from buying_group
where state = 'open' and deadline <= %s and taken < size order by deadline limit %s
"""


@dataclass(frozen=True, slots=True)
class SeatsPaid:
    """Groups that formed now, and orders whose group dissolved before they were paid: refund these."""

    formed: tuple[UUID, ...] = ()
    stranded: tuple[UUID, ...] = ()


def seats_paid(order_ids: Collection[UUID], *, at: datetime, actor: Actor) -> SeatsPaid:
    """These orders are paid now: count their seats. In the capture's transaction; again changes nothing."""
    promotions = execute_prepared(GROUPED, [current_merchant(), list(order_ids)]).fetchall()
    if not promotions:
        return SeatsPaid()
    seats = PromotionUse.objects.filter(order_id__in=list(order_ids), state="held", group__isnull=False)
    lock_promotions(row[0] for row in promotions)
    merchant = current_merchant()
    with connection.cursor() as cursor:
        cursor.execute(PAY_SEATS, {"at": at, "merchant": merchant, "orders": list(order_ids)})
        paid = Counter(row[0] for row in cursor.fetchall())
        for group_id, count in sorted(paid.items()):
            cursor.execute(COUNT, [count, merchant, group_id])
    stranded = seats.filter(group__state="dissolved").order_by("order_id")
    return SeatsPaid(
        formed=tuple(_form(sorted(paid), actor)),
        stranded=tuple(stranded.values_list("order_id", flat=True)),
    )


def _form(group_ids: Collection[UUID], actor: Actor) -> list[UUID]:
    full = [group.id for group in Group.objects.filter(pk__in=group_ids) if group.paid == group.size]
    formed = claim(GROUP, "open", "formed", Group, full)
    for group in Group.objects.filter(pk__in=formed).order_by("id"):
        payload = GroupFormed(promotion_id=group.promotion_id, order_ids=_orders(group.id))
        record(payload, subject=_subject(group), actor=actor)
    return formed


def dissolve_group(group_id: UUID, *, actor: Actor) -> bool:
    """Dissolve a group whose time has passed with a seat free; False when it has no reason to (any more).

    Its orders are then found by `orders_of_dissolved`. Raises NotFound.
    """
    group = Group.objects.filter(pk=group_id).first()
    if group is None:
        raise NotFound()
    lock_promotions([group.promotion_id])
    group.refresh_from_db()
    if clock.now() < group.deadline or group.taken == group.size:
        return False
    if not claim(GROUP, "open", "dissolved", Group, [group_id]):
        return False
    group.refresh_from_db()
    payload = GroupDissolved(promotion_id=group.promotion_id, order_ids=_orders(group_id), paid=group.paid)
    record(payload, subject=_subject(group), actor=actor)
    return True


def sweep_groups(now: datetime, limit: int = 200) -> int:
    """Dissolve what is due, one short transaction a group; returns how many it looked at without a fault."""
    return work_off(due_rows(DUE, now, limit), _dissolve, "dissolving groups")


def _dissolve(merchant_id: UUID, group_id: UUID) -> None:
    with merchant_scope(merchant_id):
        dissolve_group(group_id, actor=SYSTEM)


def _orders(group_id: UUID) -> tuple[UUID, ...]:
    rows = PromotionUse.objects.filter(group_id=group_id, state="held").order_by("order_id")
    return tuple(rows.values_list("order_id", flat=True))


def _subject(group: Group) -> Subject:
    return Subject("buying_group", group.id, group.version)
