"""The sandbox's memory: one SQLite file, every commit on disk before it is answered."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = sqlite3.Row

_SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists merchants (
  mchid text primary key, appid text not null, name text not null, signing text not null,
  private_key text not null, public_key text not null, cert_serial_no text not null, apiv3_key text not null);
create table if not exists nonces (
  mchid text not null, nonce text not null, at real not null, primary key (mchid, nonce));
create table if not exists orders (
  mchid text not null, out_trade_no text not null, appid text not null, trade_type text not null,
  description text not null, total integer not null, notify_url text not null, attach text not null,
  terms text not null, prepay_id text not null unique, page_token text not null, code text not null unique,
  openid text not null, state text not null, transaction_id text unique,
  created_at real not null, expires_at real not null, paid_at real,
  primary key (mchid, out_trade_no));
create table if not exists refunds (
  mchid text not null, out_refund_no text not null, out_trade_no text not null,
  refund_id text not null unique, transaction_id text not null, refund integer not null,
  total integer not null, terms text not null, notify_url text not null,
  status text not null, outcome text not null,
  created_at real not null, due_at real not null, success_at real,
  primary key (mchid, out_refund_no));
create index if not exists refunds_due on refunds (status, due_at);
create table if not exists transfers (
  mchid text not null, out_bill_no text not null, appid text not null, transfer_bill_no text not null unique,
  openid text not null, user_name text not null, amount integer not null, remark text not null,
  terms text not null, notify_url text not null, package_info text not null unique,
  state text not null, fail_reason text not null,
  created_at real not null, updated_at real not null, expires_at real not null, due_at real not null,
  primary key (mchid, out_bill_no));
create index if not exists transfers_due on transfers (state, due_at);
create table if not exists notifications (
  id text primary key, mchid text not null, kind text not null, event_type text not null,
  summary text not null, out_trade_no text not null, out_refund_no text,
  notify_url text not null, plaintext text not null,
  created_at real not null, next_at real not null, state text not null, copies integer not null,
  attempts integer not null default 0, delivered integer not null default 0,
  last_result text not null default '');
create index if not exists notifications_due on notifications (state, next_at);
create table if not exists modes (scope text not null, key text not null, mode text not null,
  primary key (scope, key));
create table if not exists faults (
  id integer primary key, operation text not null, key text not null, kind text not null,
  seconds real not null, remaining integer not null);
"""


class Store:
    """One connection, used by all threads in turn; `transaction` may be entered again by the same thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_SCHEMA)
        path.chmod(0o600)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits when the outermost block ends well, rolls back otherwise."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if outermost:
                    self._db.execute("rollback")
                raise
            self._depth -= 1
            if outermost:
                self._db.execute("commit")

    def all(self, sql: str, *args: object) -> list[Row]:
        """Every row of the answer."""
        with self._lock:
            return self._db.execute(sql, args).fetchall()

    def one(self, sql: str, *args: object) -> Row | None:
        """The first row of the answer, if there is one."""
        with self._lock:
            row: Row | None = self._db.execute(sql, args).fetchone()
            return row

    def run(self, sql: str, *args: object) -> int:
        """Execute; how many rows were changed."""
        with self._lock:
            return self._db.execute(sql, args).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """Insert one row; table and column names come from this package only."""
        columns = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.run(f"insert into {table} ({columns}) values ({marks})", *values.values())  # noqa: S608 (own names)

    def fact(self, name: str) -> str | None:
        """A single remembered value."""
        row = self.one("select value from facts where name = ?", name)
        return None if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Set a single value."""
        self.run("insert or replace into facts (name, value) values (?, ?)", name, value)

    def close(self) -> None:
        """Close the file, after whoever holds it has finished."""
        with self._lock:
            self._db.close()
