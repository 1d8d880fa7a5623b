"""Checks of the event log's readers and of money that waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from tongdao.config.doctor.finding import Finding, ok, warn
from tongdao.config.env import Env

STANDING = """
select reader, merchant_id::text, failures, last_error, last_event::text
from event_reader_position where failures > 0 order by failures desc limit 20
"""
GIVEN_UP = "select kind, count(*) from event_intent where state = 'failed' group by kind order by kind"
HELD_UP = "select count(*), min(requested_at)::date::text from refund where state = 'failed'"


def readers_go_on(env: Env) -> Iterator[Finding]:
    """A failing reader stands still for its merchant only, and goes on by itself once the cause is mended."""
    with psycopg.connect(env.databases.platform) as connection:
        rows = connection.execute(STANDING).fetchall()
    for reader, merchant, failures, error, event in rows:
        said = (
            f"{reader} stands still for merchant {merchant} at event {event} after {failures} tries: {error}"
        )
        yield warn("readers", said, "Mend the cause; the reader tries again by itself.")
    if not rows:
        yield ok("readers", "none stands still")


def intents_are_delivered(env: Env) -> Iterator[Finding]:
    """What was tried to the end and given up."""
    with psycopg.connect(env.databases.platform) as connection:
        rows = connection.execute(GIVEN_UP).fetchall()
    for kind, count in rows:
        yield warn("intents", f"{count} of {kind} were given up", "See event_intent.last_error of each.")
    if not rows:
        yield ok("intents", "none was given up")


def refunds_are_paid(env: Env) -> Iterator[Finding]:
    """Refunds that the channel could not pay: a buyer waits for each."""
    with psycopg.connect(env.databases.platform) as connection:
        row = connection.execute(HELD_UP).fetchone()
    count, since = row or (0, None)
    if count:
        todo = "Look at them in the console under Refunds, and send them again."
        yield warn("refunds", f"{count} held up, the oldest since {since}", todo)
    else:
        yield ok("refunds", "none is held up")
