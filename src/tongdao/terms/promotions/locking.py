"""What is left of promotions, read under lock, and whether a batch of orders may still take it.

One lock serves: that of the promotion's row (rank QUOTA), which every use writes anyway. A member's counter
and a group are written only by those who hold their promotion's lock, so they need no rank of their own, and
a counter that does not exist yet needs no row to be locked. The promotions come back from the locking
statement itself, which gives the row as it is after the wait; members and groups are read by a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongdao.foundation.locks import Rank, enter_rank, lock_rows
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.models import Group, Kind, Promotion, PromotionMember, PromotionUse
from tongdao.terms.promotions.offers import Claim
from tongdao.terms.promotions.refusals import (
    CouponUsedUp,
    FlashSoldOut,
    GiftsGone,
    GroupFull,
    GroupGone,
    GroupJoined,
    LimitReached,
    PromotionChanged,
    PromotionEnded,
    PromotionNotStarted,
)

LOCK = """
select id, kind, version, starts_at, ends_at, stopped_at is not null, quota - used, per_member,
  group_size, group_hours
from promotion where merchant_id = %s and id = any(%s) order by id for no key update
"""
Pair = tuple[UUID, UUID]  # promotion, member


@dataclass(frozen=True, slots=True)
class Rules:
    """A promotion as it is while its lock is held."""

    kind: str
    version: int
    starts_at: datetime
    ends_at: datetime
    stopped: bool
    per_member: int | None
    group_size: int | None
    group_hours: int | None


@dataclass(slots=True)
class Seats:
    """An open group: seats that can still be taken, who sits in it, until when."""

    left: int
    members: set[UUID]
    deadline: datetime


@dataclass(slots=True)
class Locked:
    """What is left, lowered by `take` for the orders of a batch. A pair that is missing has used nothing."""

    rules: dict[UUID, Rules] = field(default_factory=dict)
    left: dict[UUID, int | None] = field(default_factory=dict)
    used: dict[Pair, int] = field(default_factory=dict)
    groups: dict[UUID, Seats] = field(default_factory=dict)


def lock_promotions(promotion_ids: Iterable[UUID]) -> list[UUID]:
    """Lock the promotions in key order; those that exist. Their members and groups are locked with them."""
    return lock_rows(Rank.QUOTA, Promotion, promotion_ids)


def lock_and_read(wanted: Sequence[tuple[UUID, Sequence[Claim]]]) -> Locked:
    """Lock all promotions that the (member, claims) of a batch name, and read what is left.

    No statement is sent when nobody claims anything. The caller may hold ORDER and STOCK locks.
    """
    claims = [(member, claim) for member, several in wanted for claim in several]
    enter_rank(Rank.QUOTA)
    if not claims:
        return Locked()
    locked = _lock(sorted({claim.promotion_id for _, claim in claims}))
    limited = {(claim.promotion_id, member) for member, claim in claims if _limits(locked, claim)}
    if limited:
        _read_members(locked, limited)
    groups = {claim.group for _, claim in claims if claim.group}
    if groups:
        _read_groups(locked, groups)
    return locked


def _lock(ids: list[UUID]) -> Locked:
    locked = Locked()
    rows = execute_prepared(LOCK, [current_merchant(), ids])
    for id, kind, version, starts, ends, stopped, left, per_member, size, hours in rows:
        locked.rules[id] = Rules(kind, version, starts, ends, stopped, per_member, size, hours)
        locked.left[id] = left
    return locked


def _limits(locked: Locked, claim: Claim) -> bool:
    rules = locked.rules.get(claim.promotion_id)
    return rules is not None and rules.per_member is not None


def _read_members(locked: Locked, pairs: set[Pair]) -> None:
    rows = PromotionMember.objects.filter(
        promotion_id__in={promotion for promotion, _ in pairs}, member_id__in={member for _, member in pairs}
    )
    for promotion_id, member_id, used in rows.values_list("promotion_id", "member_id", "used"):
        locked.used[promotion_id, member_id] = used


def _read_groups(locked: Locked, ids: set[UUID]) -> None:
    for group in Group.objects.filter(pk__in=ids, state="open", promotion_id__in=list(locked.rules)):
        locked.groups[group.id] = Seats(group.size - group.taken, set(), group.deadline)
    uses = PromotionUse.objects.filter(group_id__in=list(locked.groups), state="held")
    for group_id, member_id in uses.values_list("group_id", "member_id"):
        if group_id is not None:
            locked.groups[group_id].members.add(member_id)


def object_to(claims: Sequence[Claim], member_id: UUID, locked: Locked, at: datetime) -> Refusal | None:
    """Why these claims of one order cannot be granted to the member now, or None."""
    for claim in claims:
        why = _objection(claim, member_id, locked, at)
        if why is not None:
            return why
    return None


def _objection(claim: Claim, member_id: UUID, locked: Locked, at: datetime) -> Refusal | None:
    told = str(claim.promotion_id)
    rules = locked.rules.get(claim.promotion_id)
    if rules is None or rules.stopped or at >= rules.ends_at:
        return PromotionEnded(promotion=told)
    if at < rules.starts_at:
        return PromotionNotStarted(promotion=told, starts_at=rules.starts_at.isoformat())
    if rules.version != claim.version:
        return PromotionChanged(promotion=told)
    left = locked.left[claim.promotion_id]
    if left is not None and left < claim.units:
        return SOLD_OUT.get(rules.kind, FlashSoldOut)(promotion=told, left=left)
    used = locked.used.get((claim.promotion_id, member_id), 0)
    if rules.per_member is not None and used + claim.units > rules.per_member:
        return LimitReached(promotion=told, left=max(rules.per_member - used, 0))
    return _no_seat(claim, member_id, locked, at) if claim.group else None


SOLD_OUT: dict[str, type[Refusal]] = {Kind.COUPON: CouponUsedUp, Kind.GIFT: GiftsGone}


def _no_seat(claim: Claim, member_id: UUID, locked: Locked, at: datetime) -> Refusal | None:
    seats = locked.groups.get(claim.group) if claim.group else None
    if seats is None or at >= seats.deadline:
        return GroupGone(group=str(claim.group))
    if member_id in seats.members:
        return GroupJoined(group=str(claim.group))
    return GroupFull(group=str(claim.group)) if seats.left < 1 else None


def take(locked: Locked, claims: Sequence[Claim], member_id: UUID) -> None:
    """Grant the claims of one order: less is left for those after it in the batch."""
    for claim in claims:
        left = locked.left[claim.promotion_id]
        if left is not None:
            locked.left[claim.promotion_id] = left - claim.units
        pair = (claim.promotion_id, member_id)
        locked.used[pair] = locked.used.get(pair, 0) + claim.units
        if claim.group:
            locked.groups[claim.group].left -= 1
            locked.groups[claim.group].members.add(member_id)
