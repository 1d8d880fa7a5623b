"""Running one reader for one merchant: its effects and its position commit together, or neither does."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

from django.db import InterfaceError, OperationalError

from tongdao.foundation.events.models import Event
from tongdao.foundation.events.positions import Position, advance, note_failure, take_position, unread
from tongdao.foundation.events.registry import Reader, reader_named
from tongdao.foundation.tenancy import merchant_scope

running: ContextVar[Reader | None] = ContextVar("tongdao_reader", default=None)


class ReaderFailed(Exception):
    """A reader raised (the cause); nothing of `batch` took effect."""

    def __init__(self, reader: str, batch: list[Event]) -> None:
        super().__init__(f"{reader} failed on a batch of {len(batch)}")
        self.batch = batch


def connection_lost(error: BaseException) -> bool:
    """Whether the server went away, which says nothing about the events."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def run_reader(name: str, merchant_id: UUID, *, limit: int = 1000, wait: bool = False) -> int:
    """Handle up to `limit` events of the merchant and return how many were handled.

    0: there was nothing, another connection is at it (`wait` waits for that one), or the reader failed. A
    failing batch is halved until the one event at fault is known; the events before it take effect, and it
    stands in `reader_status` with its error. Raises what the lost connection raised, with nothing done.
    """
    reader, size = reader_named(name), limit
    while True:
        try:
            return run_chunk(reader, merchant_id, size, wait=wait)
        except ReaderFailed as failure:
            if len(failure.batch) > 1:
                size = len(failure.batch) // 2
                continue
            first = failure.batch[0].id if failure.batch else None
            with merchant_scope(merchant_id):
                note_failure(name, merchant_id, describe(failure.__cause__), first)
            return 0


def run_chunk(reader: Reader, merchant_id: UUID, size: int, *, wait: bool) -> int:
    """Handle the next events; 0 when there are none. Raises ReaderFailed from what went wrong."""
    handled, at_end = _run_transaction(reader, merchant_id, size, wait=wait)
    if handled or at_end:
        return handled
    return _run_transaction(reader, merchant_id, size, wait=wait)[0]


def _run_transaction(reader: Reader, merchant_id: UUID, size: int, *, wait: bool) -> tuple[int, bool]:
    """One transaction: position, events, effects, position.

    How many events, and whether nothing lies beyond them: a full chunk may have ended just at its target,
    and the run after it finds that target empty while later events wait beyond it.
    """
    batch: list[Event] = []
    try:
        with merchant_scope(merchant_id):
            position = take_position(reader.name, merchant_id, wait=wait)
            if position is None:
                return 0, True
            most = 1 if position.failures else size
            batch = unread(position, merchant_id, reader.names, most)
            _handle(reader, batch)
            _advance(reader, merchant_id, position, batch, most)
    except Exception as error:  # whatever a reader raises stops this reader only
        if connection_lost(error):
            raise
        raise ReaderFailed(reader.name, batch) from error
    return len(batch), not position.resumed


def _handle(reader: Reader, batch: list[Event]) -> None:
    if not batch:
        return
    reset = running.set(reader)
    try:
        reader.function(batch)
    finally:
        running.reset(reset)


def _advance(reader: Reader, merchant_id: UUID, position: Position, batch: list[Event], most: int) -> None:
    full = len(batch) == most
    advance(reader.name, merchant_id, position, batch[-1].seq if full else None)


def describe(error: BaseException | None) -> str:
    """The error for operators. A database error's detail can quote a row, so only its headline is kept."""
    diagnosis = getattr(getattr(error, "__cause__", None), "diag", None)
    text = diagnosis.message_primary if diagnosis is not None else str(error)
    return f"{type(error).__name__}: {text}"
