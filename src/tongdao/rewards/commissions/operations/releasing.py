"""Held shares become their earners' own: received, the time for giving back is over, and nothing is open.

Set by set in short transactions. An order is marked in the transaction that posts for it, and its ledger key
is its own, so that a process which dies in between has done all of a set or nothing, and nothing twice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tongdao.finance.ledger.chart import account, held_promoter, owed_back_promoter, released_promoter
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.bulk import Together, to_array, to_json
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.rewards.commissions.events import OrderReleased
from tongdao.rewards.commissions.models import Commission, Netting
from tongdao.rewards.commissions.states import COMMISSION
from tongdao.trade.orders.models.agreed import ShareKind

log = logging.getLogger(__name__)
SET = 500  # orders in one transaction
LANES = 2
# Not `not exists`: that is planned as a join of all that is due, which loses the index's order, so that each
# look for the next five thousand would read and sort the rest of a million.
NOTHING_OPEN = """
(select r.id from refund r where r.merchant_id = o.merchant_id and r.order_id = o.id
  and r.state in ('requested', 'accepted') limit 1) is null
and (select a.id from after_sale a where a.merchant_id = o.merchant_id and a.order_id = o.id
  and a.ended_at is null limit 1) is null
"""
DUE = f"""
select merchant_id, array_agg(id order by release_at, id) from (
  select o.merchant_id, o.id, o.release_at from "order" o
  where o.release_at <= %s and o.released_at is null and {NOTHING_OPEN}
  order by o.release_at, o.id limit %s) due
group by merchant_id
"""  # noqa: S608 constants
# Whoever holds one now changes it: it comes with a later set.
LOCK = """
select id from "order"
where merchant_id = %s and id = any(%s::uuid[]) and release_at <= %s and released_at is null
order by id for no key update skip locked
"""
# Asked once more under the locks, which nobody who opens something passes.
STILL = f"""
select o.id, o.currency from "order" o where o.merchant_id = %s and o.id = any(%s::uuid[]) and {NOTHING_OPEN}
"""  # noqa: S608 constants
SHARES = """
select l.order_id, s.line_id, s.kind, s.beneficiary, c.id,
  s.amount_fen - coalesce((select sum(b.amount_fen) from after_sale_share b
    where b.merchant_id = s.merchant_id and b.share_id = s.id), 0)::bigint
from order_line l
join waterfall_share s on s.merchant_id = l.merchant_id and s.line_id = l.id and s.kind <> 'channel_fee'
left join commission c on c.merchant_id = s.merchant_id and c.share_id = s.id
where l.merchant_id = %s and l.order_id = any(%s::uuid[]) order by l.order_id, s.line_id, s.id
"""
DEBTS = """
select id, promoter_id, owed_fen - netted_fen from commission
where merchant_id = %s and promoter_id = any(%s::uuid[]) and owed_fen > netted_fen
order by id for no key update
"""
NET = """
update commission c set netted_fen = c.netted_fen + n.fen
from jsonb_to_recordset(%s::jsonb) as n(id uuid, fen bigint) where c.merchant_id = %s and c.id = n.id
"""
MARK = 'update "order" set released_at = %s where merchant_id = %s and id = any(%s::uuid[])'


class NotHeld(Exception):
    """A share is left whose commission is not held, though its order is not released: nothing is posted."""


class Held(NamedTuple):
    """What is left of a share. `commission_id`: of a promoter's."""

    order_id: UUID
    line_id: UUID
    kind: str
    beneficiary: UUID
    commission_id: UUID | None
    fen: Fen

    def offset(self, offsets: Mapping[UUID, int]) -> int:
        return offsets[self.commission_id] if self.commission_id else 0


@dataclass(slots=True)
class Debts:
    """What promoters owe back, the oldest first, and what of it is made good now."""

    by_promoter: Mapping[UUID, list[list[Any]]]
    made_good: list[tuple[UUID, UUID, int]] = field(default_factory=list)  # debt, giver, fen

    def net(self, share: Held) -> int:
        """So much of the share goes to older debts."""
        left = int(share.fen)
        for debt in self.by_promoter.get(share.beneficiary, ()):
            fen = min(left, debt[1])
            if fen and share.commission_id:
                debt[1] -= fen
                left -= fen
                self.made_good.append((debt[0], share.commission_id, fen))
        return share.fen - left


def release_orders(order_ids: Sequence[UUID], now: datetime, *, actor: Actor) -> int:
    """Release those of the orders that are due and free; how many. In the open scope, one ledger batch."""
    found = _lock(order_ids, now)
    if not found:
        return 0
    shares = _shares(found)
    debts = _lock_debts(shares)
    offsets = {id: debts.net(share) for share in shares if (id := share.commission_id)}
    at = clock.now()
    changes = {id: {"released_at": at, "offset_fen": offset} for id, offset in offsets.items()}
    if len(claim(COMMISSION, "held", "released", Commission, changes)) != len(offsets):
        raise NotHeld(f"{len(offsets)} commissions of {len(found)} orders")
    _note(debts, at)
    execute_prepared(MARK, [at, current_merchant(), to_array(found)])
    by_order: dict[UUID, list[Held]] = {id: [] for id in found}
    for share in shares:
        by_order[share.order_id].append(share)
    record_many(_event(id, rows, offsets, actor) for id, rows in by_order.items())
    drafts = [_draft(id, found[id], rows, offsets) for id, rows in by_order.items() if rows]
    post_transactions(drafts, actor=actor)
    return len(found)


def _lock(order_ids: Sequence[UUID], now: datetime) -> dict[UUID, str]:
    """Those that are released now, with their currency."""
    enter_rank(Rank.ORDER)
    merchant = current_merchant()
    locked = [row[0] for row in execute_prepared(LOCK, [merchant, to_array(order_ids), now]).fetchall()]
    return dict(execute_prepared(STILL, [merchant, to_array(locked)]).fetchall()) if locked else {}


def _shares(order_ids: Iterable[UUID]) -> list[Held]:
    rows = execute_prepared(SHARES, [current_merchant(), to_array(order_ids)]).fetchall()
    return [Held(*row) for row in rows if row[-1]]


def _lock_debts(shares: Sequence[Held]) -> Debts:
    enter_rank(Rank.COMMISSION)
    promoters = {share.beneficiary for share in shares if share.kind == ShareKind.PROMOTER}
    found: dict[UUID, list[list[Any]]] = defaultdict(list)
    if promoters:
        rows = execute_prepared(DEBTS, [current_merchant(), sorted(promoters)]).fetchall()
        for id, promoter_id, fen in rows:
            found[promoter_id].append([id, fen])
    return Debts(found)


def _note(debts: Debts, at: datetime) -> None:
    """Each debt knows how much of it is made good, and by which commission."""
    if not debts.made_good:
        return
    sums: dict[UUID, int] = defaultdict(int)
    together = Together()
    for debt, giver, fen in debts.made_good:
        sums[debt] += fen
        together.add(Netting, debt_id=debt, giver_id=giver, amount_fen=fen, at=at)
    together.execute()
    rows = to_json([{"id": id, "fen": fen} for id, fen in sums.items()])
    execute_prepared(NET, [rows, current_merchant()])


def _draft(order_id: UUID, currency: str, shares: Sequence[Held], offsets: Mapping[UUID, int]) -> Draft:
    return Draft(
        key=f"release:{order_id}",
        kind="release",
        subject=order_id,
        postings=[line for share in shares for line in _lines(share, share.offset(offsets))],
        currency=currency,
    )


def _lines(share: Held, offset: int) -> Iterator[Line]:
    who = share.beneficiary
    if share.kind != ShareKind.PROMOTER:
        held, released = account(f"held.{share.kind}", who), account(f"released.{share.kind}", who)
        yield Line(held, released, share.fen, share.line_id)
        return
    if offset:
        yield Line(held_promoter(who), owed_back_promoter(who), Fen(offset), share.line_id)
    if share.fen > offset:
        yield Line(held_promoter(who), released_promoter(who), Fen(share.fen - offset), share.line_id)


def _event(order_id: UUID, shares: Sequence[Held], offsets: Mapping[UUID, int], actor: Actor) -> Any:
    promoted = [share for share in shares if share.kind == ShareKind.PROMOTER]
    payload = OrderReleased(
        seller_fen=sum(share.fen for share in shares) - sum(share.fen for share in promoted),
        promoter_fen=sum(share.fen for share in promoted),
        netted_fen=sum(share.offset(offsets) for share in promoted),
    )
    return as_row(payload, subject=Subject("order", order_id), actor=actor)


def sweep_release(now: datetime, limit: int = 5_000, size: int = SET) -> int:
    """Release what is due, in sets of `size` orders; how many. What fails as a set is tried one by one.

    While one set is written by the database the next one is made ready: two lanes.
    """
    sets = [
        (merchant, ids[start : start + size])
        for merchant, ids in due_rows(DUE, now, limit)
        for start in range(0, len(ids), size)
    ]
    if len(sets) < 2:
        return sum(_release_set(merchant, ids, now) for merchant, ids in sets)
    due, done = sum(len(ids) for _, ids in sets), 0
    with ThreadPoolExecutor(LANES, "release") as lanes:
        turns = [lanes.submit(copy_context().run, _in_lane, merchant, ids, now) for merchant, ids in sets]
        for turn in turns:
            done += turn.result()
            log.info("released %d orders of %d that are due", done, due)
    return done


def _in_lane(merchant_id: UUID, order_ids: Sequence[UUID], now: datetime) -> int:
    """The lane's connection goes back with each set."""
    try:
        return _release_set(merchant_id, order_ids, now)
    finally:
        connection.close()


def _release_set(merchant_id: UUID, order_ids: Sequence[UUID], now: datetime) -> int:
    done: list[int] = []

    def release(merchant: UUID, ids: Sequence[UUID]) -> None:
        with merchant_scope(merchant):
            done.append(release_orders(ids, now, actor=SYSTEM))

    whole = work_off([(merchant_id, order_ids)], release, "releasing a set of orders")
    if not whole and len(order_ids) > 1:
        work_off([(merchant_id, [id]) for id in order_ids], release, "releasing an order")
    return sum(done)
