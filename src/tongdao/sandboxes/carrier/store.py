"""The sandbox's disk: SQLite, every commit flushed, so that what was answered survives a kill."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS parcel (
  number TEXT PRIMARY KEY, company TEXT NOT NULL, order_id TEXT UNIQUE, task_id TEXT UNIQUE, kd_order TEXT,
  content TEXT NOT NULL,                      -- the order as it came, for repeats and for the label
  plan TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0,
  phase TEXT NOT NULL DEFAULT 'moving' CHECK (phase IN ('moving', 'cancelled', 'signed', 'returned')),
  next_at REAL NOT NULL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS trace (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL REFERENCES parcel, at REAL NOT NULL, code TEXT NOT NULL,
  context TEXT NOT NULL, area_code TEXT NOT NULL, area_name TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS trace_of ON trace (number, id);
CREATE TABLE IF NOT EXISTS subscription (
  number TEXT PRIMARY KEY REFERENCES parcel, company TEXT NOT NULL, url TEXT NOT NULL, salt TEXT,
  resultv2 INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('polling', 'shutdown', 'abort'))
);
CREATE TABLE IF NOT EXISTS push (
  id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL REFERENCES parcel, url TEXT NOT NULL, salt TEXT,
  body TEXT NOT NULL, mode TEXT NOT NULL, due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL CHECK (status IN ('pending', 'held', 'done', 'failed', 'dropped')),
  reply TEXT NOT NULL DEFAULT '', created_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS push_due ON push (status, due_at);
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY, mode TEXT NOT NULL, number TEXT, remaining INTEGER NOT NULL, seconds REAL NOT NULL
);
"""


class Store:
    """One connection behind one lock: the sandbox is small, and order is worth more than speed."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on disk when the block ends, or none of it is."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)
