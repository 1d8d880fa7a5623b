"""Giving back what an order held: it was closed unpaid, or undone in full."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.events import PromotionReturned
from tongdao.terms.promotions.locking import lock_promotions
from tongdao.terms.promotions.models import PromotionUse
from tongdao.terms.promotions.states import USE

COUNTERS = """
update promotion set used = promotion.used - given.units, given_fen = promotion.given_fen - given.off_fen
from (select promotion_id, sum(units)::integer units, sum(off_fen)::bigint off_fen from promotion_use
      where merchant_id = %(merchant)s and id = any(%(ids)s) group by promotion_id) given
where promotion.merchant_id = %(merchant)s and promotion.id = given.promotion_id
"""
MEMBERS = """
update promotion_member counter set used = counter.used - given.units
from (select promotion_id, member_id, sum(units)::integer units from promotion_use
      where merchant_id = %(merchant)s and id = any(%(ids)s) group by promotion_id, member_id) given
where counter.merchant_id = %(merchant)s and counter.promotion_id = given.promotion_id
  and counter.member_id = given.member_id
"""
# A group that has formed stays as it is: the others get their goods.
SEATS = """
update buying_group set taken = buying_group.taken - given.seats, paid = buying_group.paid - given.paid
from (select group_id, count(*)::integer seats, count(paid_at)::integer paid from promotion_use
      where merchant_id = %(merchant)s and id = any(%(ids)s) and group_id is not null group by group_id) given
where buying_group.merchant_id = %(merchant)s and buying_group.id = given.group_id
  and buying_group.state <> 'formed'
"""


def return_uses(order_ids: Collection[UUID], *, actor: Actor) -> list[UUID]:
    """Give back all that these orders hold; returns the uses given back now.

    Once, however often and by however many it is asked: the state is claimed before the counters move. The
    caller holds the orders' locks and runs it in the transaction that ends them.
    """
    held = PromotionUse.objects.filter(order_id__in=list(order_ids), state="held")
    found = dict(held.values_list("id", "promotion_id"))
    if not found:
        return []
    lock_promotions(found.values())
    returned = claim(USE, "held", "returned", PromotionUse, list(found))
    with connection.cursor() as cursor:
        for statement in (COUNTERS, MEMBERS, SEATS):
            cursor.execute(statement, {"merchant": current_merchant(), "ids": returned})
    record_many(
        as_row(
            PromotionReturned(order_id=use.order_id, units=use.units, off_fen=int(use.off_fen)),
            subject=Subject("promotion", use.promotion_id),
            actor=actor,
        )
        for use in PromotionUse.objects.filter(pk__in=returned).order_by("id")
    )
    return returned
