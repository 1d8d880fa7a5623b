"""What must hold of a whole shop with offers after any history: one statement finds all that does not.

Each rule is a query for texts of what is wrong. Sums are taken over the rows that orders wrote, never from
the counters that they are compared with.
"""

from __future__ import annotations

from uuid import UUID

from tests.interleaving.harness import Course
from tongdao.finance.ledger.soundness import find_faults
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope

RULES = {
    "sold beyond the stock": """
        select s.id || ': ' || sum(a.quantity - a.cancelled) || ' of ' || s.on_hand
        from stock s join reservation r on r.stock_id = s.id join allocation a on a.id = r.id
        join order_line l on l.id = a.line_id join "order" o on o.id = l.order_id
        where o.state in ('placed', 'closing', 'paid') group by s.id, s.on_hand
        having sum(a.quantity - a.cancelled) > s.on_hand""",
    "reserved is not what open orders hold": """
        select s.id || ': ' || s.reserved || ' reserved, ' || coalesce(h.units, 0) || ' held'
        from stock s left join (
          select r.stock_id, sum(a.quantity) as units from reservation r join allocation a on a.id = r.id
          join order_line l on l.id = a.line_id join "order" o on o.id = l.order_id
          where o.state in ('placed', 'closing', 'paid') group by r.stock_id) h on h.stock_id = s.id
        where s.reserved <> coalesce(h.units, 0)""",
    "reservations do not follow their orders": """
        select r.id || ' ' || r.state || ' of ' || o.state from reservation r join allocation a on a.id = r.id
        join order_line l on l.id = a.line_id join "order" o on o.id = l.order_id
        where (r.state = 'held') <> (o.state in ('placed', 'closing', 'paid'))""",
    "on hand is not what was moved": """
        select s.id || ': ' || s.on_hand from stock s
        left join (select stock_id, sum(delta) as units from stock_movement group by 1) m on m.stock_id = s.id
        where s.on_hand <> coalesce(m.units, 0)""",
    "an offer is used beyond its quota": """
        select p.kind || ': ' || sum(u.units) || ' of ' || p.quota from promotion p
        join promotion_use u on u.promotion_id = p.id and u.state = 'held'
        group by p.id, p.kind, p.quota having sum(u.units) > p.quota""",
    "a member has more than the limit": """
        select p.kind || ': ' || sum(u.units) || ' of ' || p.per_member from promotion p
        join promotion_use u on u.promotion_id = p.id and u.state = 'held'
        group by p.id, p.kind, p.per_member, u.member_id having sum(u.units) > p.per_member""",
    "an offer's counter is not what orders hold": """
        select p.kind || ': ' || p.used || ' used, ' || p.given_fen || ' given, held '
          || coalesce(h.units, 0) || ', ' || coalesce(h.fen, 0)
        from promotion p left join (
          select promotion_id, sum(units) as units, sum(off_fen) as fen from promotion_use
          where state = 'held' group by promotion_id) h on h.promotion_id = p.id
        where (p.used, p.given_fen) <> (coalesce(h.units, 0), coalesce(h.fen, 0))""",
    "a member's counter is not what the orders hold": """
        select m.id || ': ' || m.used from promotion_member m left join (
          select promotion_id, member_id, sum(units) as units from promotion_use
          where state = 'held' group by 1, 2) u using (promotion_id, member_id)
        where m.used <> coalesce(u.units, 0)""",
    "an offer is held by an order that is over": """
        select u.id || ' ' || u.state || ' by ' || o.state from promotion_use u
        join "order" o on o.id = u.order_id
        where (u.state = 'held') <> (o.state in ('placed', 'closing', 'paid', 'completed'))""",
    "a discount has no use": """
        select l.order_id || ' ' || d.kind || ': ' || sum(d.amount_fen) from discount_share d
        join order_line l on l.id = d.line_id
        left join promotion_use u on u.order_id = l.order_id and u.promotion_id = d.promotion_id
        group by l.order_id, d.kind, d.promotion_id, u.off_fen
        having u.off_fen is null or d.kind <> 'gift' and sum(d.amount_fen) <> u.off_fen""",
    "a group's seats are not its orders'": """
        select g.id || ' ' || g.state || ': ' || g.taken || ' taken, ' || g.paid || ' paid of ' || g.size
          || ', orders ' || count(u.id) || ', ' || count(u.paid_at)
        from buying_group g left join promotion_use u on u.group_id = g.id and u.state = 'held'
        group by g.id, g.state, g.taken, g.paid, g.size
        having g.state <> 'formed' and (g.taken, g.paid) <> (count(u.id), count(u.paid_at))
          or count(u.id) > g.size or g.state = 'formed' and g.paid <> g.size
          or count(u.id) <> count(distinct u.member_id)""",
    "a key has not one purchase": """
        select coalesce(p.id::text, 'no purchase') || ': ' || count(k.id) || ' keys' from purchase p
        full join idempotency_key k on k.scope = 'place' and (k.answer ->> 'purchase_id')::uuid = p.id
        group by p.id having p.id is null or count(k.id) <> 1""",
    "an order's total is not that of its lines": """
        select o.id || ': ' || o.total_fen from "order" o join (
          select l.order_id, sum(l.paid_fen + l.freight_fen) as fen, sum(l.discount_fen) as off,
            coalesce(sum(d.fen), 0) as shares
          from order_line l left join (
            select line_id, sum(amount_fen) as fen from discount_share group by line_id) d on d.line_id = l.id
          group by l.order_id) l on l.order_id = o.id
        where o.total_fen <> l.fen or l.off <> l.shares""",
    "a price is not the shop's": """
        select l.id || ': ' || l.list_price_fen from order_line l left join price_change c
        on c.sku_id = l.sku_id and c.version = l.price_version
        where l.list_price_fen is distinct from c.price_fen""",
    "postings are not the waterfall": """
        select o.id || ' ' || o.state || ': shares ' || coalesce(w.fen, '-') || ', posted '
          || coalesce(t.fen, '-') || ', undone ' || coalesce(t.undone, 0)
        from "order" o left join (
          select l.order_id, string_agg(s.amount_fen::text, '+' order by s.amount_fen) as fen
          from waterfall_share s join order_line l on l.id = s.line_id group by l.order_id
        ) w on w.order_id = o.id left join (
          select c.subject, string_agg(p.amount_fen::text, '+' order by p.amount_fen) as fen,
            count(distinct b.id) as undone
          from ledger_transaction c join ledger_posting p on p.transaction_id = c.id
          left join ledger_transaction b on b.subject = c.subject and b.kind = 'given_back'
          where c.kind = 'capture' and c.reverses_id is null group by c.id, c.subject
        ) t on t.subject = o.id
        where case o.state when 'paid' then (w.fen, 0) is distinct from (t.fen, t.undone)
          when 'cancelled' then (w.fen, 1) is distinct from (t.fen, t.undone)
          else t.fen is not null end""",
    "an order is not paid for by its payments": """
        select o.id || ' ' || o.state || ': ' || coalesce(sum(a.amount_fen), 0) || ' of ' || o.total_fen
        from "order" o left join payment_allocation a on a.order_id = o.id
        group by o.id, o.state, o.total_fen
        having coalesce(sum(a.amount_fen), 0) <>
          case when o.state in ('paid', 'cancelled', 'completed') then o.total_fen else 0 end""",
    "captured money is neither sold for nor given back": """
        select t.trade_no || ': ' || coalesce(t.captured_fen, 0) || ' captured, ' || t.refunded_fen
          || ' counted back' from payment_attempt t
        left join (select attempt_id, sum(amount_fen) as fen from payment_allocation group by 1) a
          on a.attempt_id = t.id
        left join (select attempt_id, sum(amount_fen) as fen, sum(amount_fen) filter (where order_id is null)
          as unasked from refund group by 1) r on r.attempt_id = t.id
        where coalesce(t.captured_fen, 0) <> coalesce(a.fen, 0) + coalesce(r.unasked, 0)
          or t.refunded_fen <> coalesce(r.fen, 0) or t.refunded_fen > coalesce(t.captured_fen, 0)
          or (t.state = 'captured') <> (t.captured_fen is not null)""",
    "the buyers' money does not add up": """
        select 'received ' || sum(fen) from (
          select p.amount_fen as fen from ledger_posting p join ledger_account a on a.id = p.source_id
            where a.code = 'external.buyer'
          union all select -captured_fen from payment_attempt where captured_fen is not null) moved
        having sum(fen) <> 0""",
}
# Row security shows the open scope's merchant alone, so the rules need not name it.
ALL = " union all ".join(
    f"(select '{name.replace(chr(39), chr(39) * 2)}: ' || fault from ({rule}) found(fault) limit 3)"
    for name, rule in RULES.items()
)
# Without statistics the planner takes each shop for one of a single order.
PLAN = """
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_nestloop', 'off', true)
"""


class Broken(AssertionError):
    """What does not hold, and the course that led to it."""


def find_broken(merchant_id: UUID) -> list[str]:
    """One line for everything that does not hold."""
    with merchant_scope(merchant_id):
        execute_prepared(PLAN)
        return [row[0] for row in execute_prepared(ALL).fetchall()]


def find_unsound(merchant_id: UUID) -> list[str]:
    """What does not hold in the books: slower, for the end of many histories."""
    with merchant_scope(merchant_id):
        return [*find_faults()]


def check(merchant_id: UUID, course: Course) -> None:
    """Raise Broken unless every rule holds and nobody ended with anything but a refusal."""
    faults = [
        f"ended with {one.error!r}"
        for one in course.outcomes
        if one.error is not None and not isinstance(one.error, Refusal)
    ]
    faults += find_broken(merchant_id)
    if faults:
        raise Broken("\n".join([*faults, str(course)]))
