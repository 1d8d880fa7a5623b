"""What granted claims write, collected for the one statement of a batch of orders.

One statement updates a row once, so everything is summed for each promotion, each member and each group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import INSERT_EVENTS, Subject, as_row
from tongdao.foundation.events.recording import Row
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.events import GroupOpened
from tongdao.terms.promotions.locking import Locked, Rules
from tongdao.terms.promotions.models import Group, PromotionUse
from tongdao.terms.promotions.offers import Claim

USED = """
update promotion set used = promotion.used + taken.units, given_fen = promotion.given_fen + taken.off_fen
from jsonb_to_recordset(%s::jsonb) as taken(merchant_id uuid, id uuid, units integer, off_fen bigint)
where promotion.merchant_id = taken.merchant_id and promotion.id = taken.id
"""
MEMBERS = """
insert into promotion_member (id, merchant_id, promotion_id, member_id, used, most)
select id, merchant_id, promotion_id, member_id, used, most from jsonb_to_recordset(%s::jsonb)
  as row(id uuid, merchant_id uuid, promotion_id uuid, member_id uuid, used integer, most integer)
on conflict (merchant_id, promotion_id, member_id)
do update set used = promotion_member.used + excluded.used
"""
JOINED = """
update buying_group set taken = buying_group.taken + joined.seats
from jsonb_to_recordset(%s::jsonb) as joined(merchant_id uuid, id uuid, seats integer)
where buying_group.merchant_id = joined.merchant_id and buying_group.id = joined.id
"""


@dataclass(frozen=True, slots=True)
class Granted:
    """The claims of one order that `object_to` had nothing against and that `take` took."""

    order_id: UUID
    member_id: UUID
    claims: Sequence[Claim]
    at: datetime
    actor: Actor


def write_claims(together: Together, granted: Sequence[Granted], locked: Locked) -> dict[UUID, UUID]:
    """Add uses, counters and groups to the statement; order id → group, where the order has a seat in one."""
    rows = [(order, claim) for order in granted for claim in order.claims]
    if not rows:
        return {}
    seats = {order.order_id: claim.group or uuid7() for order, claim in rows if _seated(claim)}
    for order, claim in rows:
        together.add(
            PromotionUse,
            promotion_id=claim.promotion_id,
            order_id=order.order_id,
            member_id=order.member_id,
            units=claim.units,
            off_fen=claim.off_fen,
            group_id=seats[order.order_id] if _seated(claim) else None,
        )
    together.also(USED, _used(rows))
    together.also(MEMBERS, _members(rows, locked))
    _write_groups(together, rows, seats, locked)
    return seats


def _seated(claim: Claim) -> bool:
    return claim.opens_group or claim.group is not None


def _used(rows: Sequence[tuple[Granted, Claim]]) -> list[dict[str, object]]:
    units: dict[UUID, int] = {}
    off: dict[UUID, int] = {}
    for _, claim in rows:
        units[claim.promotion_id] = units.get(claim.promotion_id, 0) + claim.units
        off[claim.promotion_id] = off.get(claim.promotion_id, 0) + claim.off_fen
    merchant = current_merchant()
    return [
        {"merchant_id": merchant, "id": id, "units": count, "off_fen": off[id]} for id, count in units.items()
    ]


def _members(rows: Sequence[tuple[Granted, Claim]], locked: Locked) -> list[dict[str, object]]:
    used: dict[tuple[UUID, UUID], int] = {}
    for order, claim in rows:
        pair = (claim.promotion_id, order.member_id)
        used[pair] = used.get(pair, 0) + claim.units
    merchant = current_merchant()
    return [
        {
            "id": uuid7(),
            "merchant_id": merchant,
            "promotion_id": promotion_id,
            "member_id": member_id,
            "used": units,
            "most": locked.rules[promotion_id].per_member,
        }
        for (promotion_id, member_id), units in sorted(used.items())
    ]


def _write_groups(
    together: Together, rows: Sequence[tuple[Granted, Claim]], seats: dict[UUID, UUID], locked: Locked
) -> None:
    opened = [
        _open(order, claim, seats[order.order_id], locked.rules[claim.promotion_id])
        for order, claim in rows
        if claim.opens_group
    ]
    if opened:
        together.insert([group for group, _ in opened])
        together.also(INSERT_EVENTS, [event for _, event in opened])
    joined: dict[UUID, int] = {}
    for _, claim in rows:
        if claim.group is not None:
            joined[claim.group] = joined.get(claim.group, 0) + 1
    if joined:
        merchant = current_merchant()
        seated = [{"merchant_id": merchant, "id": id, "seats": count} for id, count in sorted(joined.items())]
        together.also(JOINED, seated)


def _open(order: Granted, claim: Claim, id: UUID, rules: Rules) -> tuple[Group, Row]:
    """A group with its first seat taken. It ends with its promotion at the latest."""
    deadline = min(order.at + timedelta(hours=rules.group_hours or 0), rules.ends_at)
    size = rules.group_size or 0
    group = Group(
        id=id,
        promotion_id=claim.promotion_id,
        opened_by=order.member_id,
        size=size,
        taken=1,
        deadline=deadline,
    )
    payload = GroupOpened(
        promotion_id=claim.promotion_id, order_id=order.order_id, size=size, deadline=deadline
    )
    return group, as_row(payload, subject=Subject("buying_group", id, 1), actor=order.actor)
