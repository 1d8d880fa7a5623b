"""The rows of transactions and postings: written by one statement, and found by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongdao.finance.ledger.accounts import Key
from tongdao.finance.ledger.drafts import Draft
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import to_array
from tongdao.foundation.ids import uuid7_text
from tongdao.foundation.prepared import by_name, execute_prepared
from tongdao.foundation.tenancy import current_merchant

# `on conflict do nothing` covers both ways in which another connection may have been first: the same key, and
# the same transaction reversed. Rows go in by key order, so that two batches wait in one direction only.
# Columns come as arrays: the server reads them in a third of the time that it takes for rows of JSON.
_STORE = """
with made as (
  insert into ledger_transaction (id, merchant_id, key, input_hash, kind, subject, booked_on, reverses_id, at,
    actor_kind, actor_id)
  select t.id, %(merchant)s, t.key, decode(t.digest, 'hex'), t.kind, t.subject, t.booked_on, t.reverses,
    %(at)s, %(actor_kind)s, %(actor_id)s
  from unnest(%(ids)s::uuid[], %(keys)s::text[], %(digests)s::text[], %(kinds)s::text[], %(subjects)s::uuid[],
    %(days)s::date[], %(reverses)s::uuid[])
    as t(id, key, digest, kind, subject, booked_on, reverses)
  order by t.reverses, t.key
  on conflict do nothing
  returning id, key, booked_on
), posted as (
  insert into ledger_posting (id, merchant_id, transaction_id, position, source_id, destination_id,
    amount_fen, currency, reference, booked_on)
  select l.id, %(merchant)s, made.id, l.position, (%(accounts)s::uuid[])[l.source],
    (%(accounts)s::uuid[])[l.destination], l.fen, l.currency, l.reference,
    made.booked_on
  from unnest(%(lines)s::uuid[], %(transactions)s::integer[], %(positions)s::integer[],
    %(sources)s::integer[], %(destinations)s::integer[], %(amounts)s::bigint[], %(currencies)s::text[],
    %(references)s::uuid[])
    as l(id, transaction, position, source, destination, fen, currency, reference)
  join made on made.id = (%(ids)s::uuid[])[l.transaction]
)
select key, id from made
"""
_FIND = """
select key, id, input_hash, booked_on from ledger_transaction where merchant_id = %s and key = any(%s::text[])
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A transaction that is in the books."""

    id: UUID
    digest: bytes
    booked_on: date


def find_stored(keys: Sequence[str]) -> dict[str, Stored]:
    rows = execute_prepared(_FIND, [current_merchant(), to_array(keys)]).fetchall()
    return {key: Stored(found, bytes(digest), day) for key, found, digest, day in rows}


def store(
    drafts: Sequence[Draft],
    accounts: Mapping[Key, UUID],
    days: Mapping[date | None, date],
    actor: Actor,
) -> dict[str, UUID]:
    """Insert the transactions whose keys are not there yet, each with its postings; their ids by key."""
    if not drafts:
        return {}
    values: dict[str, Any] = {
        "merchant": current_merchant(),
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        **_transactions(drafts, days),
        **_postings(drafts, accounts),
    }
    return dict(execute_prepared(*by_name(_STORE, values)).fetchall())


def _transactions(drafts: Sequence[Draft], days: Mapping[date | None, date]) -> dict[str, Any]:
    """The columns of the transactions, by the names in `_STORE`."""
    return {
        "ids": to_array([uuid7_text() for _ in drafts]),
        "keys": to_array([draft.key for draft in drafts]),
        "digests": to_array([draft.digest.hex() for draft in drafts]),
        "kinds": to_array([draft.kind for draft in drafts]),
        "subjects": to_array([draft.subject for draft in drafts]),
        "days": to_array([days[draft.booked_on] for draft in drafts]),
        "reverses": to_array([draft.reverses for draft in drafts]),
    }


def _postings(drafts: Sequence[Draft], accounts: Mapping[Key, UUID]) -> dict[str, Any]:
    """The columns of the postings. Transactions and accounts are named by their places, from 1."""
    places = {key: place for place, key in enumerate(accounts, 1)}
    rows = [
        (
            uuid7_text(),
            number,
            position,
            places[line.source, draft.currency],
            places[line.destination, draft.currency],
            line.amount,
            draft.currency,
            line.reference,
        )
        for number, draft in enumerate(drafts, 1)
        for position, line in enumerate(draft.postings)
    ]
    names = (
        "lines",
        "transactions",
        "positions",
        "sources",
        "destinations",
        "amounts",
        "currencies",
        "references",
    )
    columns = dict(zip(names, map(to_array, zip(*rows, strict=True)), strict=True))
    return {"accounts": to_array(accounts.values()), **columns}
