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
from tongdao.foundation.reading import Asking, Rows, ask, gather, read
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.promotions.models import Kind, Promotion
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
SAME = """
select root.id as id, other.id as same from member root
join person merged on merged.merged_into_id = root.person_id
join member other on other.merchant_id = root.merchant_id and other.person_id = merged.id
where root.merchant_id = %s and root.id = any(%s)
"""
"""A buyer's accounts that became one: what any of their members has used counts as the one's."""
MEMBERS = f"""
select promotion_id, member_id, used from promotion_member
where merchant_id = %s and promotion_id = any(%s) and member_id = any(%s)
union all
select used.promotion_id, twin.id, used.used from ({SAME}) twin
join promotion_member used on used.merchant_id = %s and used.promotion_id = any(%s)
  and used.member_id = twin.same
"""  # noqa: S608 constants
GROUPS = """
select id, size - taken, deadline from buying_group
where merchant_id = %s and id = any(%s) and promotion_id = any(%s) and state = 'open'
"""
SITTING = f"""
select group_id, member_id from promotion_use where merchant_id = %s and group_id = any(%s) and state = 'held'
union all
select seat.group_id, twin.id from ({SAME}) twin
join promotion_use seat on seat.merchant_id = %s and seat.group_id = any(%s) and seat.state = 'held'
  and seat.member_id = twin.same
"""  # noqa: S608 constants
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
    return read(ask_lock_and_read(wanted))


def ask_lock_and_read(wanted: Sequence[tuple[UUID, Sequence[Claim]]]) -> Asking[Locked]:
    """`lock_and_read`, side by side with other questions: the lock first, then what it guards."""
    claims = [(member, claim) for member, several in wanted for claim in several]
    enter_rank(Rank.QUOTA)
    if not claims:
        return Locked()
    promotions = sorted({claim.promotion_id for _, claim in claims})
    merchant = current_merchant()
    members = list({member for member, _ in claims})
    groups = list({claim.group for _, claim in claims if claim.group})
    rules, used, seats, sitting = yield from gather(
        ask(LOCK, [merchant, promotions]),
        ask(MEMBERS, [merchant, promotions, members, merchant, members, merchant, promotions]),
        ask(GROUPS, [merchant, groups, promotions]) if groups else _nothing(),
        ask(SITTING, [merchant, groups, merchant, members, merchant, groups]) if groups else _nothing(),
    )
    return _locked(rules, used, seats, sitting)


def _nothing() -> Asking[Rows]:
    yield from ()
    return []


def _locked(rules: Rows, used: Rows, seats: Rows, sitting: Rows) -> Locked:
    locked = Locked()
    for id, kind, version, starts, ends, stopped, left, per_member, size, hours in rules:
        locked.rules[id] = Rules(kind, version, starts, ends, stopped, per_member, size, hours)
        locked.left[id] = left
    for promotion, member, count in used:
        locked.used[promotion, member] = locked.used.get((promotion, member), 0) + count
    for id, free, deadline in seats:
        locked.groups[id] = Seats(free, set(), deadline)
    for group, member in sitting:
        if group in locked.groups:
            locked.groups[group].members.add(member)
    return locked


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
