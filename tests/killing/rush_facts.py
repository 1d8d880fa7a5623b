"""What must hold of a rushed shop at any moment, also between two kills, read in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.interleaving.rules import ALL, PLAN
from tests.killing.rush import Answers, Rush
from tongdao.config.env import load_env
from tongdao.foundation.idempotency import key_id
from tongdao.trade.orders.wishing import KEY_SCOPE

KEYS = "select id::text, answer ->> 'purchase_id' from idempotency_key where scope = 'place'"
# Everything that one order consists of stands or falls together.
PARTS = """
select p.id || ' has ' || coalesce(o.n, 0) || ' orders, ' || coalesce(a.n, 0) || ' addresses, '
  || coalesce(s.n, 0) || ' schedules, ' || coalesce(e.n, 0) || ' events' from purchase p
left join (select purchase_id, count(*) as n from "order" group by 1) o on o.purchase_id = p.id
left join (select purchase_id, count(*) as n from delivery_address group by 1) a on a.purchase_id = p.id
left join (select purchase_id, count(*) as n from payment_schedule group by 1) s on s.purchase_id = p.id
left join (
  select o.purchase_id, count(*) as n from event e join "order" o on o.id = e.subject_id
  where e.name = 'order.placed' group by 1) e on e.purchase_id = p.id
where (o.n, a.n, s.n, e.n) is distinct from (1, 1, 1, 1)
"""
LINES = """
select 'line ' || l.id || ' holds nothing' from order_line l left join (
  select x.line_id, r.quantity from allocation x join reservation r on r.id = x.id where r.state = 'held'
) h on h.line_id = l.id where h.quantity is distinct from l.quantity
"""


def find_faults(rush: Rush) -> list[str]:
    """One line for everything that does not hold, and for each answer that is not true (any more)."""
    answers = rush.snapshot()  # before the database is read: all of this has been committed by then
    with _as_merchant(rush) as connection:
        connection.execute(PLAN.encode())
        keys = dict(connection.execute(KEYS).fetchall())
        broken = [row[0] for row in connection.execute(ALL.encode()).fetchall()]
        for rule in (PARTS, LINES):
            broken += [row[0] for row in connection.execute(rule.encode()).fetchall()]
    return [*answers.wrong, *broken, *_untrue(answers, keys), *_too_many(keys)]


def _untrue(answers: Answers, keys: dict[str, Any]) -> list[str]:
    """What was answered with 201 is there, under its key; what was refused is not."""
    ids = {key: _key_id(answers, key) for key in [*answers.placed, *answers.refused]}
    lost = [key for key, purchase in answers.placed.items() if keys.get(ids[key]) != purchase]
    kept = [key for key in answers.refused if ids[key] in keys]
    return [
        *(f"answered {answers.placed[key]}, there is {keys.get(ids[key])}" for key in lost),
        *(f"refused, there is {keys[ids[key]]}" for key in kept),
    ]


def _too_many(keys: dict[str, Any]) -> list[str]:
    """Each wish was placed once at most, and no purchase came from nowhere."""
    purchases = list(keys.values())
    twice = len(purchases) - len(set(purchases))
    return [f"{twice} purchases under two keys"] if twice else []


def _key_id(answers: Answers, key: str) -> str:
    return str(key_id(KEY_SCOPE, f"{answers.wants[key].buyer}:{key}"))


def unanswered(rush: Rush) -> list[str]:
    """Keys of which nobody heard."""
    answers = rush.snapshot()
    return [key for key in answers.wants if key not in answers.placed and key not in answers.refused]


def placed_unheard(rush: Rush) -> list[str]:
    """Those of them that have placed something all the same: their answers were dropped."""
    answers = rush.snapshot()
    with _as_merchant(rush) as connection:
        keys = dict(connection.execute(KEYS).fetchall())
    return [key for key in unanswered(rush) if _key_id(answers, key) in keys]


@contextmanager
def _as_merchant(rush: Rush) -> Iterator[psycopg.Connection[Any]]:
    """One snapshot of what the application sees of this merchant."""
    url = load_env({"TONGDAO_DATA": str(rush.town.stack.data_dir)}).databases.app
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("select set_config('tongdao.merchant', %s, true)", [rush.world.merchant_id])
        yield connection
