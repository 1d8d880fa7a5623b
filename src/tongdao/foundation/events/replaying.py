"""Reading a projection's events once more from the first, after its rows were removed."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tongdao.foundation.events.positions import Position, advance, lock_reader
from tongdao.foundation.events.reading import run_chunk
from tongdao.foundation.events.registry import BadReader, Reader
from tongdao.foundation.tenancy import merchant_scope


def replay(reader: Reader, merchant_id: UUID, *, chunk: int = 1000) -> int:
    """Empty the projection's tables of this merchant and read its events from zero; returns how many.

    Emptying is one transaction, reading is one for each chunk, so others see the tables fill up. Raises
    ReaderFailed (from the cause) where the projection cannot read an event, BadReader for a reactor.
    """
    if reader.kind != "projection":
        raise BadReader(f"{reader.name} is a reactor: what it caused cannot be caused again")
    with merchant_scope(merchant_id):
        lock_reader(reader.name, merchant_id, wait=True)
        _empty(reader, merchant_id)
        advance(reader.name, merchant_id, Position(), None)
    return drain(reader, merchant_id, chunk=chunk)


def drain(reader: Reader, merchant_id: UUID, *, chunk: int = 1000) -> int:
    """Run a reader until it has nothing left; raises ReaderFailed at its first failure."""
    handled = 0
    while True:
        count = run_chunk(reader, merchant_id, chunk, wait=True)
        handled += count
        if count == 0:
            return handled


def _empty(reader: Reader, merchant_id: UUID) -> None:
    with connection.cursor() as cursor:
        for table in reader.tables:
            name = connection.ops.quote_name(table._meta.db_table)
            cursor.execute(f"delete from {name} where merchant_id = %s", [merchant_id])  # noqa: S608 model's table
