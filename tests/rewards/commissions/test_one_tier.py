"""One paid tier (Order 444, Art. 7): from nothing that is payable a path leads to who brought its earner.

Asked of the database's own catalogue, so that a migration which adds such a path fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.tenancy.catalogue import superuser

Database = psycopg.Connection[tuple[Any, ...]]
PAYABLE = (
    "waterfall_share", "commission", "clawback", "netting", "payee", "payout_batch", "payout", "payout_line",
    "transfer", "ledger_account", "ledger_balance", "ledger_transaction", "ledger_posting",
)  # fmt: skip
# Names under which others keep the one above; also where no key says so.
ABOVE = (
    "invite",
    "parent",
    "upline",
    "sponsor",
    "referrer",
    "superior",
    "recommend",
    "leader",
    "ancestor",
    "tier",
)
KEYS = """
select c.conrelid::regclass::text, c.confrelid::regclass::text,
  (select string_agg(a.attname, ',' order by a.attname) from pg_attribute a
   where a.attrelid = c.conrelid and a.attnum = any(c.conkey) and a.attname <> 'merchant_id')
from pg_constraint c where c.contype = 'f'
"""
COLUMNS = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"

ABOVE_IT = """
alter table {0} add column {1} uuid, add foreign key (merchant_id, {1}) references promoter (merchant_id, id)
"""


class Key(NamedTuple):
    table: str
    target: str
    columns: str


@pytest.fixture
def database(cluster: object) -> Iterator[Database]:
    with superuser() as admin:
        yield admin


def keys(database: Database) -> set[Key]:
    rows = database.execute(KEYS).fetchall()
    return {Key(*(str(part).strip('"') for part in row)) for row in rows}


def reached(found: set[Key], *tables: str) -> set[str]:
    """The tables themselves, and all to which a path of foreign keys leads from them."""
    seen, open_ = set(tables), list(tables)
    while open_:
        table = open_.pop()
        more = {key.target for key in found if key.table == table} - seen
        seen |= more
        open_ += more
    return seen


def tiers(database: Database) -> list[str]:
    """One line for each way from what is payable to somebody above its earner."""
    found = keys(database)
    faults = [f"{key} leads on from a promoter" for key in sorted(found) if _leads_on(key, found)]
    for table in sorted(reached(found, *PAYABLE)):
        columns = {row[0] for row in database.execute(COLUMNS, [f'"{table}"']).fetchall()}
        faults += [f"{table}.{name}" for name in sorted(columns) if any(word in name for word in ABOVE)]
    for table in PAYABLE:
        earners = [key for key in found if key.table == table and key.target == "promoter"]
        if len(earners) > 1:
            faults.append(f"{table} has {len(earners)} earners")
    return faults


def _leads_on(key: Key, found: set[Key]) -> bool:
    """A promoter is the end of every path: it is a person by a bare id, and has no key at all."""
    return key.table in reached(found, "promoter")


def test_nobody_stands_above_who_earns(database: Database) -> None:
    assert tiers(database) == []


def test_the_walk_reaches_earners_and_orders(database: Database) -> None:
    """It would find nothing if it went nowhere."""
    assert {"promoter", "order", "order_line", "purchase"} <= reached(keys(database), *PAYABLE)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ABOVE_IT.format("promoter", "brought_by"),
            "leads on from a promoter",
        ),
        ("alter table promoter add column inviter_id uuid", "promoter.inviter_id"),
        ("alter table commission add column second_tier_fen bigint", "commission.second_tier_fen"),
        (
            ABOVE_IT.format("commission", "upper"),
            "commission has 2 earners",
        ),
    ],
)
def test_a_way_up_would_be_found(database: Database, change: str, fault: str) -> None:
    """Negative control: with such a column, in a transaction that is rolled back."""
    with database.transaction(force_rollback=True):
        database.execute(change)  # type: ignore[call-overload]  # constants of this module
        assert any(fault in found for found in tiers(database))


def test_a_line_has_one_earner(database: Database) -> None:
    """By unique keys: one commission a line, one promoter's share a line, one live payout a commission."""
    rows = database.execute("select indexname from pg_indexes where indexdef like 'CREATE UNIQUE INDEX%'")
    names = {row[0] for row in rows.fetchall()}
    assert {"commission_one_a_line", "waterfall_one_promoter_a_line", "payout_line_once"} <= names
