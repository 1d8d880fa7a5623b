"""What must hold when everything has settled, read from the database past all policies, as its superuser."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.killing.catalogue import PRODUCTS
from tests.killing.loop import BOUGHT, STOCK, World

# Statements that find what is wrong with a merchant: one text a fault. `%(m)s` is the merchant.
FAULTS = {
    "on hand is the sum of its movements": """
        select 'stock ' || s.id || ': ' || s.on_hand from stock s where s.merchant_id = %(m)s
        and s.on_hand <> (select coalesce(sum(delta), 0) from stock_movement v
                          where v.merchant_id = s.merchant_id and v.stock_id = s.id)""",
    "reserved is what is held": """
        select 'stock ' || s.id || ': ' || s.reserved from stock s where s.merchant_id = %(m)s
        and s.reserved <> (select coalesce(sum(quantity), 0) from reservation r
                           where r.merchant_id = s.merchant_id and r.stock_id = s.id and r.state = 'held')""",
    "only open orders hold goods": """
        select 'order ' || o.number || ' ' || o.state from "order" o
        join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
        join allocation a on a.merchant_id = o.merchant_id and a.line_id = l.id
        left join reservation r on r.merchant_id = o.merchant_id and r.id = a.id
        where o.merchant_id = %(m)s and coalesce(r.state, 'missing') <> case o.state
          when 'completed' then 'consumed' when 'closed' then 'released'
          when 'cancelled' then 'released' else 'held' end""",
    "one attempt a purchase, paid or closed": """
        select 'purchase ' || p.id || ': ' || string_agg(coalesce(t.state, 'none'), ', ') from purchase p
        left join payment_attempt t on t.merchant_id = p.merchant_id and t.purchase_id = p.id
        where p.merchant_id = %(m)s group by p.id
        having string_agg(coalesce(t.state, 'none'), ', ') not in ('captured', 'closed')""",
    "what is due is paid or void": """
        select 'schedule ' || id || ' ' || state from payment_schedule
        where merchant_id = %(m)s and state not in ('paid', 'void')""",
    "what was captured pays an order or went back": """
        select 'attempt ' || t.trade_no from payment_attempt t
        where t.merchant_id = %(m)s and t.captured_fen <>
          coalesce((select sum(o.total_fen) from payment_allocation a
            join "order" o on o.merchant_id = a.merchant_id and o.id = a.order_id and o.state = 'completed'
            where a.merchant_id = t.merchant_id and a.attempt_id = t.id), 0)
          + coalesce((select sum(r.amount_fen) from refund r where r.merchant_id = t.merchant_id
            and r.attempt_id = t.id and r.state = 'succeeded'), 0)""",
    "refunds are paid back": """
        select 'refund ' || refund_no || ' ' || state || ' ' || problem from refund
        where merchant_id = %(m)s and state <> 'succeeded'""",
    "after-sale cases are settled": """
        select 'case ' || id || ' ' || state from after_sale
        where merchant_id = %(m)s and state <> 'settled'""",
    "parcels have arrived": """
        select 'parcel ' || id || ' ' || state || ' ' || problem from parcel
        where merchant_id = %(m)s and (state <> 'delivered' or problem <> '')""",
    "intents are carried out": """
        select kind || ' ' || state || ' ' || last_error from event_intent
        where merchant_id = %(m)s and state <> 'done'""",
    "readers do not fail": """
        select reader || ': ' || last_error from event_reader_position
        where merchant_id = %(m)s and failures > 0""",
    "imports are done": """
        select 'import ' || state from import_run where merchant_id = %(m)s and state <> 'done'""",
    "readers have read everything": """
        select reader from event_work((select array_agg(distinct reader) from event_reader_position))
        where merchant_id = %(m)s""",
    "no job waits or hangs": """
        select 'job ' || id || ' ' || task_name || ' ' || status from procrastinate_jobs
        where status <> 'succeeded' and coalesce(scheduled_at, now()) <= now()""",
    "held is what can still be given back": """
        select 'held ' || h.fen || ', shares ' || s.fen from (
          select coalesce(sum(case when d.code like 'held.%%' then p.amount_fen else 0 end
            - case when f.code like 'held.%%' then p.amount_fen else 0 end), 0) as fen
          from ledger_posting p
          join ledger_account d on d.merchant_id = p.merchant_id and d.id = p.destination_id
          join ledger_account f on f.merchant_id = p.merchant_id and f.id = p.source_id
          where p.merchant_id = %(m)s) h, (
          select coalesce(sum(w.amount_fen), 0) as fen from waterfall_share w
          join order_line l on l.merchant_id = w.merchant_id and l.id = w.line_id
          join "order" o on o.merchant_id = l.merchant_id and o.id = l.order_id
          where w.merchant_id = %(m)s and w.kind <> 'channel_fee' and o.state = 'completed'
            and o.released_at is null) s
        where h.fen <> s.fen""",
    "commissions are what was earned": """
        select 'order ' || o.number || ': ' || coalesce(c.state, 'none') from "order" o
        join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
        join waterfall_share w on w.merchant_id = l.merchant_id and w.line_id = l.id and w.kind = 'promoter'
        left join commission c on c.merchant_id = w.merchant_id and c.share_id = w.id
        where o.merchant_id = %(m)s and coalesce(c.state, 'none') <> case o.state
          when 'completed' then case when o.released_at is null then 'held' else 'released' end
          when 'cancelled' then 'void' else 'none' end""",
    "nothing is owed any more": """
        select code || ' ' || sum(fen) from (
          select a.code, p.amount_fen as fen from ledger_posting p join ledger_account a
            on a.merchant_id = p.merchant_id and a.id = p.destination_id where p.merchant_id = %(m)s
          union all
          select a.code, -p.amount_fen from ledger_posting p join ledger_account a
            on a.merchant_id = p.merchant_id and a.id = p.source_id where p.merchant_id = %(m)s) moved
        where code in ('refund_due', 'buyer_funds')
        group by code having sum(fen) <> 0""",
}


def find_faults(connection: psycopg.Connection[Any], world: World) -> list[str]:
    """One line for everything that does not hold for this merchant; empty when all is well."""
    found = [*_placed(connection, world), *_units(connection, world), *_goods(connection, world)]
    for what, statement in FAULTS.items():
        rows = connection.execute(statement.encode(), {"m": world.merchant_id}).fetchall()
        found += [f"not so: {what}: {row[0]}" for row in rows]
    return found


def _placed(connection: psycopg.Connection[Any], world: World) -> list[str]:
    """Every purchase that was answered exists, ends as it must, and nothing was placed twice."""
    rows = connection.execute(
        'select purchase_id::text, state from "order" where merchant_id = %s', [world.merchant_id]
    ).fetchall()
    is_there = dict(rows)
    expected = {wish.purchase_id: wish.state for wish in world.wishes.values()}
    twice = len(rows) - len(expected)
    return [
        *(f"lost: {id}" for id in expected.keys() - is_there.keys()),
        *(
            f"{id}: {is_there[id]}, not {expected[id]}"
            for id in expected.keys() & is_there.keys()
            if is_there[id] != expected[id]
        ),
        *([f"placed twice: {twice} more than were wished for"] if twice else []),
    ]


def _units(connection: psycopg.Connection[Any], world: World) -> list[str]:
    """What was bought has left, everything else is there and free."""
    rows = connection.execute(
        "select on_hand, reserved from stock where merchant_id = %s and sku_id = %s",
        [world.merchant_id, world.sku_id],
    ).fetchall()
    sold = sum(BOUGHT for wish in world.wishes.values() if wish.state == "completed")
    return [] if rows == [(STOCK - sold, 0)] else [f"stock (on hand, reserved): {rows}"]


def _goods(connection: psycopg.Connection[Any], world: World) -> list[str]:
    """All products of the file came in, each once, with its stock."""
    row = connection.execute(
        "select (select count(*) from product where merchant_id = %(m)s),"
        " (select count(*) from sku where merchant_id = %(m)s),"
        " (select count(*) from stock where merchant_id = %(m)s)",
        {"m": world.merchant_id},
    ).fetchone()
    return [] if row == (PRODUCTS,) * 3 else [f"products, SKUs, stocks: {row}, not {PRODUCTS} each"]
