"""The references: what a good SQL hand would write for the same rows, driven by pgbench with 16 clients.

A: one transaction an order, one statement a table, the contended row last and only until the commit.
B: the same rows in one statement. Both run as the application's role, in the merchant's scope.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.conninfo import conninfo_to_dict

from bench.stack import Stack, find_pgbench
from bench.template import Change, Dialect, Template, insert_sql, update_sql
from bench.world import World, id_sql

CLIENTS = 16
NUMBER = "('B' || lpad(nextval('bench_number')::text, 15, '0'))"
STATEMENT = Dialect(lambda name: f":{name}", "now()", NUMBER, colons=False)
TOGETHER = Dialect(lambda name: f"b.{name}", "now()", NUMBER, colons=False)
BUYER_IDS = ("person", "member", "touch")
SKU_IDS = ("product", "sku", "stock")


class ReferenceFailed(Exception):
    """pgbench ended with an error; its figures mean nothing."""


@dataclass(frozen=True)
class Measured:
    """Transactions per second, how many, and the mean latency in milliseconds."""

    rate: float
    count: int
    latency: float


def place_script(template: Template, world: World, skus: tuple[int, int]) -> str:
    """A: one statement a table; stock is locked, checked and changed last."""
    merchant = world.merchant_id
    known = [f"{id_sql(name, ':b')} as {name}" for name in BUYER_IDS]
    known += [f"{id_sql(name, ':s')} as {name}" for name in SKU_IDS]
    ids = [f"uuidv7() as {name}" for name in template.fresh]
    statements = [insert_sql(template, STATEMENT, table) for table in template.inserted]
    statements.append(_empty_cart(merchant, ":person::uuid", ":sku::uuid"))
    statements += _guarded(template, merchant)
    return _script(_numbers(world, skus), [_scope(merchant, [*known, *ids]), *statements])


def together_script(template: Template, world: World, skus: tuple[int, int]) -> str:
    """B: the same in one statement that hangs on the stock's update."""
    merchant = world.merchant_id
    stock = next(change for change in template.changed if change.table == "stock")
    others = [change for change in template.changed if change is not stock]
    here = Dialect(lambda name: id_sql(name, ":s"), "now()", NUMBER, colons=False)
    ids = [f"uuidv7() as {name}" for name in template.fresh]
    ids += [f"{id_sql(name, ':b')} as {name}" for name in BUYER_IDS]
    ids += [f"{id_sql(name, ':s')} as {name}" for name in SKU_IDS]
    parts = [f"held as ({update_sql(template, here, stock, merchant)} returning 1)"]
    parts.append(f"b as materialized (select {', '.join(ids)} from held)")
    writes = [insert_sql(template, TOGETHER, table, " from b") for table in template.inserted]
    writes += [_from_b(update_sql(template, TOGETHER, change, merchant)) for change in others]
    writes.append(_empty_cart(merchant, id_sql("person", ":b"), id_sql("sku", ":s")))
    parts += [f"w{number} as ({text})" for number, text in enumerate(writes)]
    statement = f"with {', '.join(parts)} select 1 as done from held \\gset"
    return _script(_numbers(world, skus), [_scope(merchant, []), statement])


def pay_script(template: Template, world: World) -> str:
    """The payment's half of A: the attempt is looked up, claimed and booked, one statement a table.

    Each transaction takes the next row of the table bench_due, as a notification names its trade number.
    """
    return _next_script(template, world, "bench_due", "bench_next")


def back_script(template: Template, world: World) -> str:
    """A refund: the order is looked up by its number in bench_back, what changes is changed, guarded."""
    return _next_script(template, world, "bench_back", "bench_next_back")


def _next_script(template: Template, world: World, table: str, sequence: str) -> str:
    merchant = world.merchant_id
    names = list(dict.fromkeys(template.names[id] for id in template.names if not _is_fresh(template, id)))
    columns = ", ".join([*names, *(f"uuidv7() as {name}" for name in template.fresh)])
    look = f"select {columns} from {table} where n = :due::bigint \\gset"
    statements = [*_guarded(template, merchant)]
    statements += [insert_sql(template, STATEMENT, table) for table in template.inserted]
    scope = _scope(merchant, [f"nextval('{sequence}') as due"])
    return _script([], [scope, look, *statements])


def _is_fresh(template: Template, id: str) -> bool:
    return template.names[id] in template.fresh


def _numbers(world: World, skus: tuple[int, int]) -> list[str]:
    return [f"\\set b random(1, {world.buyers})", f"\\set s random({skus[0]}, {skus[1]})"]


def _scope(merchant: str, more: Sequence[str]) -> str:
    scope = f"set_config('tongdao.merchant', '{merchant}', true) as scope"
    return f"select {', '.join([scope, *more])} \\gset"


def _guarded(template: Template, merchant: str) -> list[str]:
    """Updates that must hit their row: pgbench stops the run when one does not."""
    last = sorted(template.changed, key=lambda change: change.table == "stock")
    return [
        f"{update_sql(template, STATEMENT, change, merchant)} returning 1 as done \\gset" for change in last
    ]


def _from_b(update: str) -> str:
    return update.replace(" where ", " from b where ", 1)


def _empty_cart(merchant: str, person: str, sku: str) -> str:
    return (
        f"delete from cart_line where merchant_id = '{merchant}' and person_id = {person} and sku_id = {sku}"
    )


def _script(meta: list[str], statements: list[str]) -> str:
    lines = [text if text.endswith("\\gset") else f"{text};" for text in statements]
    return "\n".join([*meta, "begin;", *lines, "commit;", ""])


def run_pgbench(
    stack: Stack, script: str, name: str, *, seconds: int | None = None, count: int | None = None
) -> Measured:
    """For so many seconds, or so many transactions in all (a multiple of 16). Raises ReferenceFailed."""
    path = stack.data_dir / f"{name}.sql"
    path.write_text(script, encoding="utf-8")
    amount = ["-T", str(seconds)] if seconds else ["-t", str((count or CLIENTS) // CLIENTS)]
    argv = [find_pgbench(), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", *amount, "-f", str(path)]
    given = conninfo_to_dict(stack.urls.app)
    names = {"host": "PGHOST", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    environ = dict(os.environ) | {names[key]: str(value) for key, value in given.items() if key in names}
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environ)
    return _read(done, name)


def _read(done: subprocess.CompletedProcess[str], name: str) -> Measured:
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    count = re.search(r"transactions actually processed: (\d+)", done.stdout)
    latency = re.search(r"latency average = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    bad = done.returncode or not (rate and count and latency) or (failed and int(failed[1]))
    if bad or not (rate and count and latency):
        raise ReferenceFailed(f"{name}:\n{done.stderr[-3000:]}\n{done.stdout[-1000:]}")
    return Measured(float(rate[1]), int(count[1]), float(latency[1]))


def prepare_reference(stack: Stack, world: World) -> None:
    """What the scripts stand on: a sequence for order numbers, the application may use it."""
    from bench.world import owner_connection

    with owner_connection(stack, world) as connection:
        connection.execute("create sequence if not exists bench_number")
        connection.execute("grant usage on sequence bench_number to tongdao_app")


def changes_of(template: Template, table: str) -> list[Change]:
    return [change for change in template.changed if change.table == table]
