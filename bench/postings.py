"""Postings through the ledger's operation, against one hand-written INSERT of the same rows, set by set.

Both write a transaction with four postings for each of a thousand sales, check the constraints, policies and
triggers of the tables, and commit. What the reference writes lies ready in tables of its own; ours gets
drafts, finds the accounts, hashes what is posted, refuses what is there already, and moves the balances that
have a limit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from secrets import token_hex
from uuid import UUID

import psycopg

from bench.report import Result, result, shown
from bench.session import Session, note
from bench.stack import say
from bench.world import owner_connection

SET = 1_000  # transactions
UNIT = "transactions of four postings a second, one INSERT of the same rows; more is better"
STAGE = """
create table if not exists bench_transaction (like ledger_transaction);
create table if not exists bench_posting (like ledger_posting);
truncate bench_transaction, bench_posting;
grant select on bench_transaction, bench_posting to tongdao_app
"""
# Ours of this set once more, under ids and keys that are free.
COPY = (
    """insert into bench_transaction select (jsonb_populate_record(t, jsonb_build_object(
      'id', uuidv7(), 'key', 'again:' || t.key, 'reverses_id', t.id))).* from ledger_transaction t
    where t.merchant_id = %s and t.key like %s""",
    """insert into bench_posting select (jsonb_populate_record(p, jsonb_build_object(
      'id', uuidv7(), 'transaction_id', t.id))).* from bench_transaction t
    join ledger_posting p on p.merchant_id = t.merchant_id and p.transaction_id = t.reverses_id""",
    "update bench_transaction set reverses_id = null",
    "analyze bench_transaction, bench_posting",
)
REFERENCE = """
with t as (insert into ledger_transaction select * from bench_transaction)
insert into ledger_posting select * from bench_posting
"""


def measure(found: Session, rounds: int, sets: int) -> Result:
    """`rounds` times: `sets` sets of ours and of the reference in turns."""
    run = token_hex(4)  # the data may be kept, and keys are used once
    _post(found, f"{run}:warm", 1)
    ours: list[float] = []
    theirs: list[float] = []
    with psycopg.connect(found.stack.urls.app) as reference:
        for number in range(1, rounds * sets + 1):
            if number % sets == 1:
                found.rest()
            ours.append(_post(found, f"{run}:{number}", SET))
            _stage(found, f"{run}:{number}:")
            theirs.append(_insert(reference, found.world.merchant_id))
    mine, other = _rate(ours), _rate(theirs)
    note(f"{len(ours)} sets of {SET:,}: ours {shown(mine)}/s, the INSERT {shown(other)}/s")
    say(f"postings: {mine / other:.2f} × one INSERT")
    return result("postings", mine, other, UNIT)


def _rate(seconds: Sequence[float]) -> float:
    return SET / sorted(seconds)[len(seconds) // 2]


def _post(found: Session, name: str, count: int) -> float:
    """Seconds that the operation and its commit take; the drafts are there before."""
    from tongdao.finance.ledger.operations import post_transactions
    from tongdao.foundation.actors import SYSTEM
    from tongdao.foundation.tenancy import merchant_scope

    drafts = [_draft(f"{name}:{number}") for number in range(count)]
    began = time.perf_counter()
    with merchant_scope(UUID(found.world.merchant_id)):
        post_transactions(drafts, actor=SYSTEM)
    return time.perf_counter() - began


def _draft(key: str) -> object:
    """A sale and what it is shared into, as a capture books it."""
    from tongdao.finance.ledger.chart import (
        BUYER_FUNDS,
        CHANNEL_FEE,
        EXTERNAL_BUYER,
        AccountRef,
        held_promoter,
    )
    from tongdao.finance.ledger.operations import Draft, Line
    from tongdao.foundation.ids import uuid7
    from tongdao.foundation.money import Fen

    line = uuid7()
    seller, promoter = AccountRef("held.seller", SELLER), held_promoter(PROMOTER)
    postings = [
        Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(12_800)),
        Line(BUYER_FUNDS, CHANNEL_FEE, Fen(77), line),
        Line(BUYER_FUNDS, promoter, Fen(1_280), line),
        Line(BUYER_FUNDS, seller, Fen(11_443), line),
    ]
    return Draft(key=key, kind="capture", subject=uuid7(), postings=postings)


SELLER, PROMOTER = UUID(int=1), UUID(int=2)


def _stage(found: Session, keys: str) -> None:
    with owner_connection(found.stack, found.world) as connection:
        connection.execute(STAGE)
        connection.execute(COPY[0], [found.world.merchant_id, f"{keys}%"])
        for statement in COPY[1:]:
            connection.execute(statement.encode())


def _insert(reference: psycopg.Connection[tuple[object, ...]], merchant_id: str) -> float:
    began = time.perf_counter()
    reference.execute("select set_config('tongdao.merchant', %s, true)", [merchant_id])
    written = reference.execute(REFERENCE.encode()).rowcount
    reference.commit()
    if written != 4 * SET:
        raise RuntimeError(f"the reference wrote {written} postings of {4 * SET}")
    return time.perf_counter() - began
