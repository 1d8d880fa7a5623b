"""The release of all due commissions by the sweep, against one hand-written statement that does it.

The statement runs first, in a copy of the database: one transaction for all, no progress, all locks until its
end, and nobody's debts looked at. The sweep works in bounded transactions, and what it has done stays done.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo

from bench.fill import admin_connection
from bench.report import Result, result, shown
from bench.session import Session, note
from bench.stack import say

COPY = "bench_release"
UNIT = "seconds for all that is due, one statement for the same; less is better"
ROUND = 50_000  # orders between two lines of progress
REFERENCE = """
with due as materialized (
  select o.id, o.currency from "order" o
  where o.merchant_id = %(merchant)s and o.release_at <= now() and o.released_at is null
  and not exists (select from refund r where r.merchant_id = o.merchant_id and r.order_id = o.id
    and r.state in ('requested', 'accepted'))
  and not exists (select from after_sale a where a.merchant_id = o.merchant_id and a.order_id = o.id
    and a.state <> 'settled')
  for no key update of o),
share as materialized (
  select due.id as order_id, due.currency, l.id as line_id, s.id, s.kind, s.beneficiary, s.amount_fen as fen,
    row_number() over (partition by due.id order by l.id, s.id) - 1 as position
  from due join order_line l on l.merchant_id = %(merchant)s and l.order_id = due.id
  join waterfall_share s on s.merchant_id = l.merchant_id and s.line_id = l.id and s.kind <> 'channel_fee'),
marked as (
  update "order" o set released_at = now() from due where o.merchant_id = %(merchant)s and o.id = due.id),
earned as (
  update commission c set state = 'released', version = c.version + 1, released_at = now()
  from share where c.merchant_id = %(merchant)s and c.share_id = share.id and c.state = 'held'
  returning c.share_id),
booked as (
  insert into ledger_transaction (id, merchant_id, key, input_hash, kind, subject, booked_on, at, actor_kind)
  select uuidv7(), %(merchant)s, 'release:' || id, sha256(uuid_send(id)), 'release', id,
    (now() at time zone 'Asia/Shanghai')::date, now(), 'system' from due
  returning id, subject, booked_on),
posted as (
  insert into ledger_posting (id, merchant_id, transaction_id, position, source_id, destination_id,
    amount_fen, currency, reference, booked_on)
  select uuidv7(), %(merchant)s, booked.id, share.position, held.id, released.id, share.fen, share.currency,
    share.line_id, booked.booked_on
  from share join booked on booked.subject = share.order_id
  join ledger_account held on held.merchant_id = %(merchant)s and held.currency = share.currency
    and held.code = 'held.' || share.kind || ':' || share.beneficiary
  join ledger_account released on released.merchant_id = %(merchant)s and released.currency = share.currency
    and released.code = 'released.' || share.kind || ':' || share.beneficiary
  returning destination_id, amount_fen),
moved as (
  update ledger_balance b set amount_fen = b.amount_fen + p.fen
  from (select destination_id, sum(amount_fen)::bigint as fen from posted group by 1) p
  where b.merchant_id = %(merchant)s and b.account_id = p.destination_id),
told as (
  insert into event (id, merchant_id, name, schema_version, subject_type, subject_id, subject_version,
    actor_kind, reason, payload, at)
  select uuidv7(), %(merchant)s, 'order.released', 1, 'order', order_id, 0, 'system', '', jsonb_build_object(
      'seller_fen', coalesce(sum(fen) filter (where kind <> 'promoter'), 0),
      'promoter_fen', coalesce(sum(fen) filter (where kind = 'promoter'), 0), 'netted_fen', 0), now()
  from share group by order_id)
select (select count(*) from due), (select count(*) from earned)
"""


def measure(found: Session) -> Result:
    """Raises RuntimeError where one of both has not released what the other has."""
    from tongdao.foundation import clock

    found.stack.stop_web()
    due = found.one(DUE, found.world.merchant_id)
    theirs, released = _by_statement(found)
    found.rest()
    ours, mine = _by_sweep(clock.now(), due)
    left = found.one(DUE, found.world.merchant_id)
    if left or mine != released or released != due:
        raise RuntimeError(f"{due} due, {released} by the statement, {mine} by the sweep, {left} left")
    _check(found)
    note(f"{due:,} commissions: ours {shown(ours)} s, the statement {shown(theirs)} s")
    say(f"release: {ours / theirs:.2f} × the time of one statement")
    return result("release", ours, theirs, UNIT)


DUE = """
select count(*) from commission c
join waterfall_share s on s.merchant_id = c.merchant_id and s.id = c.share_id
join order_line l on l.merchant_id = s.merchant_id and l.id = s.line_id
join "order" o on o.merchant_id = l.merchant_id and o.id = l.order_id
where c.merchant_id = %s and c.state = 'held' and o.release_at <= now() and o.released_at is null
and not exists (select from after_sale a where a.merchant_id = o.merchant_id and a.order_id = o.id)
"""


def _by_statement(found: Session) -> tuple[float, int]:
    """In a copy that is gone afterwards: seconds with the commit, and how many commissions."""
    place = make_conninfo(found.stack.server.admin_url, dbname="postgres")
    with psycopg.connect(place, autocommit=True) as server:
        _close_all(found)
        server.execute(f"drop database if exists {COPY}".encode())
        server.execute(f"create database {COPY} template tongdao strategy file_copy".encode())
        found.admin = _admin(found)
        server.execute("checkpoint")
        with psycopg.connect(make_conninfo(found.stack.urls.app, dbname=COPY)) as connection:
            connection.execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
            connection.execute("select set_config('tongdao.merchant', %s, false)", [found.world.merchant_id])
            connection.commit()
            began = time.perf_counter()
            row = connection.execute(REFERENCE, {"merchant": UUID(found.world.merchant_id)}).fetchone()
            connection.commit()
            took = time.perf_counter() - began
        server.execute(f"drop database {COPY}".encode())
    return took, int(row[1]) if row else 0


def _close_all(found: Session) -> None:
    """A database that is copied has no visitors."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()
    found.admin.close()


def _admin(found: Session) -> psycopg.Connection[Any]:
    connection: psycopg.Connection[Any] = admin_connection(found.stack)
    return connection


def _by_sweep(now: datetime, due: int) -> tuple[float, int]:
    """Until nothing is due, as the worker's loop calls it: seconds, and how many orders."""
    from tongdao.rewards.commissions.operations import sweep_release

    done, told, began = 0, ROUND, time.perf_counter()
    while count := sweep_release(now):
        done += count
        if done >= told:
            told += ROUND
            note(f"{done:,} of {due:,} after {time.perf_counter() - began:,.0f} s")
    return time.perf_counter() - began, done


def _check(found: Session) -> None:
    """What the sweep has posted is what the shares come to, to the fen, and balances say the same."""
    for what, query in FAULTS.items():
        if wrong := found.one(query, found.world.merchant_id):
            raise RuntimeError(f"{wrong} {what}")


FAULTS = {
    "released orders whose postings are not their shares": """
        with s as (
          select o.id, sum(s.amount_fen) as fen, count(*) as n from "order" o
          join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
          join waterfall_share s on s.merchant_id = l.merchant_id and s.line_id = l.id
            and s.kind <> 'channel_fee'
          where o.merchant_id = %s and o.released_at is not null group by 1),
        p as (
          select t.merchant_id, t.subject as id, sum(p.amount_fen) as fen, count(*) as n
          from ledger_transaction t
          join ledger_posting p on p.merchant_id = t.merchant_id and p.transaction_id = t.id
          where t.kind = 'release' group by 1, 2)
        select count(*) from s full join p using (id) where (s.fen, s.n) is distinct from (p.fen, p.n)""",
    "balances that are not the sum of their postings": """
        with p as (
          select account, sum(fen) as fen from (
            select destination_id as account, amount_fen as fen from ledger_posting
            union all select source_id, -amount_fen from ledger_posting) each group by 1)
        select count(*) from ledger_balance b left join p on p.account = b.account_id
        where b.merchant_id = %s and b.amount_fen <> coalesce(p.fen, 0)""",
}
