"""The sandbox's memory: one SQLite file, every commit on disk before it is answered."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Row = sqlite3.Row

_SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists apps (
  appid text primary key, secret text not null, kind text not null, account text not null, name text not null,
  domain text not null);
create table if not exists users (id text primary key, nickname text not null);
create table if not exists codes (
  code text primary key, appid text not null, user text not null, scope text not null, at integer not null,
  used integer not null default 0);
create table if not exists grants (
  refresh text primary key, access text not null unique, appid text not null, user text not null,
  scope text not null, access_at integer not null, at integer not null);
create table if not exists credentials (appid text primary key, token text not null, at integer not null);
create table if not exists tickets (appid text primary key, ticket text not null, at integer not null);
create table if not exists calls (operation text primary key, times integer not null);
create table if not exists faults (
  id integer primary key, operation text not null, kind text not null, seconds integer not null,
  remaining integer not null);
"""


class Store:
    """One connection, used by all threads in turn; `transaction` may be entered again by the same thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_SCHEMA)
        path.chmod(0o600)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; not to be entered within itself."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def all(self, sql: str, *args: object) -> list[Row]:
        with self._lock:
            return self._db.execute(sql, args).fetchall()

    def one(self, sql: str, *args: object) -> Row | None:
        with self._lock:
            row: Row | None = self._db.execute(sql, args).fetchone()
            return row

    def run(self, sql: str, *args: object) -> int:
        """Execute; how many rows were changed."""
        with self._lock:
            return self._db.execute(sql, args).rowcount

    def fact(self, name: str) -> str | None:
        row = self.one("select value from facts where name = ?", name)
        return None if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        self.run("insert or replace into facts (name, value) values (?, ?)", name, value)

    def close(self) -> None:
        """Close the file, after whoever holds it has finished."""
        with self._lock:
            self._db.close()
