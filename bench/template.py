"""What one real order writes, as a template for hand-written SQL.

An order is placed through the product once; the rows that appeared and the rows that changed are read back.
So the reference writes exactly the rows that the product writes, also after the product has changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

Row = dict[str, Any]
Snapshot = dict[str, dict[str, Row]]

TABLES = """
select c.relname from pg_class c
where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'merchant_id')
and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'id')
"""
COLUMNS = """
select attname, format_type(atttypid, null) from pg_attribute
where attrelid = format('public.%%I', %s::text)::regclass and attnum > 0 and not attisdropped
and attidentity = '' and attgenerated = '' and atttypid <> 'xid8'::regtype order by attnum
"""
PARENTS = """
select distinct conrelid::regclass::text, confrelid::regclass::text from pg_constraint
where contype = 'f' and conparentid = 0
"""


@dataclass
class Change:
    """A row that was updated; `old` and `new` hold the changed columns only."""

    table: str
    id: str
    old: Row
    new: Row


@dataclass
class Template:
    """`inserted`: rows by table, parents first. `types`: by table, the columns that are written.

    `names`: the ids that differ from order to order, each with the name of its variable.
    """

    at: str
    inserted: dict[str, list[Row]]
    changed: list[Change]
    types: dict[str, dict[str, str]]
    names: dict[str, str]
    fresh: list[str] = field(default_factory=list)

    def dump(self) -> str:
        return json.dumps({**vars(self), "changed": [vars(change) for change in self.changed]})

    @classmethod
    def load(cls, text: str) -> Template:
        raw = json.loads(text)
        return cls(**{**raw, "changed": [Change(**change) for change in raw["changed"]]})


def capture(
    connection: psycopg.Connection[Any], act: Callable[[], Mapping[str, str]], known: Mapping[str, str]
) -> Template:
    """Run `act` and see what it wrote. `known` and what `act` returns name ids: {id: variable}.

    Nothing else may write meanwhile. The connection must see all rows.
    """
    before, at = _snapshot(connection), _now(connection)
    named = {**known, **act()}
    after = _snapshot(connection)
    inserted = {
        table: [row for id, row in rows.items() if id not in before[table]] for table, rows in after.items()
    }
    order = _parents_first(connection, [table for table, rows in inserted.items() if rows])
    changed = [
        _change(table, before[table][id], row)
        for table, rows in after.items()
        for id, row in rows.items()
        if id in before[table] and row != before[table][id]
    ]
    new_ids = [row["id"] for table in order for row in inserted[table]]
    unnamed = [id for id in dict.fromkeys(new_ids) if id not in named]
    names = {**named, **{id: f"i{number}" for number, id in enumerate(unnamed, 1)}}
    types = {table: _types(connection, table) for table in {*order, *(change.table for change in changed)}}
    return Template(
        at, {table: inserted[table] for table in order}, changed, types, names, [names[id] for id in unnamed]
    )


def _now(connection: psycopg.Connection[Any]) -> str:
    found: str = connection.execute("select to_jsonb(clock_timestamp())").fetchone()[0]  # type: ignore[index]
    return found


def _snapshot(connection: psycopg.Connection[Any]) -> Snapshot:
    connection.rollback()
    tables = [str(row[0]) for row in connection.execute(TABLES).fetchall()]
    found: Snapshot = {}
    for table in tables:
        rows = connection.execute(f'select to_jsonb(t) from "{table}" t'.encode()).fetchall()
        found[table] = {row[0]["id"]: row[0] for row in rows}
    connection.rollback()
    return found


def _change(table: str, old: Row, new: Row) -> Change:
    columns = [name for name in new if new[name] != old[name]]
    return Change(table, new["id"], {name: old[name] for name in columns}, {n: new[n] for n in columns})


def _types(connection: psycopg.Connection[Any], table: str) -> dict[str, str]:
    return dict(connection.execute(COLUMNS, [table]).fetchall())


def _parents_first(connection: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    """Sorted so that no row is written before the one that it points at."""
    parents: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in connection.execute(PARENTS).fetchall():
        child, parent = child.strip('"'), parent.strip('"')
        if child in parents and parent in parents and child != parent:
            parents[child].add(parent)
    done: list[str] = []
    while len(done) < len(tables):
        ready = sorted(t for t in tables if t not in done and parents[t] <= set(done))
        done += ready or [t for t in tables if t not in done]
    return done


@dataclass(frozen=True)
class Dialect:
    """How a template becomes SQL: `variable` renders a name, `now` and `number` are expressions."""

    variable: Callable[[str], str]
    now: str
    number: str
    colons: bool = True  # False: pgbench would take a colon in a literal for a variable

    def literal(self, text: str) -> str:
        quoted = text.replace("'", "''")
        if self.colons or ":" not in text:
            return f"'{quoted}'" if "\\" not in text else "E'" + quoted.replace("\\", "\\\\") + "'"
        return "E'" + quoted.replace("\\", "\\\\").replace(":", "\\x3a") + "'"


def value_sql(template: Template, dialect: Dialect, column: str, kind: str, value: Any) -> str:
    """One value of the template as an expression of the column's type."""
    if value is None:
        return f"null::{kind}"
    if kind == "uuid":
        return _uuid(template, dialect, column, value)
    if kind == "timestamp with time zone":
        apart = (datetime.fromisoformat(value) - datetime.fromisoformat(template.at)).total_seconds()
        return f"({dialect.now} + interval '{round(apart)} seconds')"
    if kind == "date":
        return f"(({dialect.now}) at time zone 'Asia/Shanghai')::date"
    if kind == "bytea":
        unique = column == "digest"
        return "(uuid_send(uuidv7()) || uuid_send(uuidv7()))" if unique else f"'{value}'::bytea"
    if kind in ("jsonb", "json"):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return f"({_with_names(template, dialect, text)})::{kind}"
    if kind.startswith(("character", "text")):
        return dialect.number if column == "number" else f"({_with_names(template, dialect, value)})::{kind}"
    return f"{json.dumps(value)}::{kind}"


def _uuid(template: Template, dialect: Dialect, column: str, value: str) -> str:
    if value in template.names:
        return f"{dialect.variable(template.names[value])}::uuid"
    return "uuidv7()" if column == "request_id" else f"'{value}'::uuid"


def _with_names(template: Template, dialect: Dialect, text: str) -> str:
    """The text as a concatenation in which the ids that vary are variables, dashed or not."""
    spelled = {id: f"{dialect.variable(name)}::text" for id, name in template.names.items()}
    bare = {
        id.replace("-", ""): f"replace({dialect.variable(name)}::text, '-', '')"
        for id, name in template.names.items()
    }
    found = {**spelled, **bare}
    pattern = "|".join(map(re.escape, found))
    parts = re.split(f"({pattern})", text) if found else [text]
    pieces = [found[part] if part in found else dialect.literal(part) for part in parts if part]
    return " || ".join(pieces) or "''"


UPSERTS = {
    "promotion_member": " on conflict (merchant_id, promotion_id, member_id)"
    " do update set used = promotion_member.used + excluded.used"
}


def insert_sql(template: Template, dialect: Dialect, table: str, source: str = "") -> str:
    """One insert for all rows of the table; `source` (" from …") makes it set-based."""
    types = template.types[table]
    rows = [
        ", ".join(value_sql(template, dialect, name, kind, row[name]) for name, kind in types.items())
        for row in template.inserted[table]
    ]
    head = f'insert into "{table}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in types)})'
    tail = UPSERTS.get(table, "")
    if not source:
        return f"{head} values {', '.join(f'({row})' for row in rows)}{tail}"
    return f"{head} {' union all '.join(f'select {row}{source}' for row in rows)}{tail}"


def update_sql(template: Template, dialect: Dialect, change: Change, merchant: str) -> str:
    """The update, guarded as a careful hand would: by the state that it expects, by what is left."""
    types = template.types[change.table]
    sets = [_set(template, dialect, change, name, types[name]) for name in change.new]
    guard = f" and state = {dialect.literal(change.old['state'])}" if "state" in change.new else ""
    if change.table == "stock":
        guard += f" and on_hand - reserved >= {change.new['reserved'] - change.old['reserved']}"
    where = f"merchant_id = '{merchant}' and id = {_uuid(template, dialect, 'id', change.id)}{guard}"
    return f'update "{change.table}" set {", ".join(sets)} where {where}'


def _set(template: Template, dialect: Dialect, change: Change, name: str, kind: str) -> str:
    old, new = change.old[name], change.new[name]
    if isinstance(old, int) and isinstance(new, int):
        return f'"{name}" = "{name}" + {new - old}'
    return f'"{name}" = {value_sql(template, dialect, name, kind, new)}'
