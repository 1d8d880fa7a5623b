"""The rows of transactions and postings: written by one statement with one parameter, and found by key."""

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
from tongdao.foundation.bulk import to_json
from tongdao.foundation.ids import uuid7_text
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

# `on conflict do nothing` covers both ways in which another connection may have been first: the same key, and
# the same transaction reversed. Rows go in by key order, so that two batches wait in one direction only.
_STORE = """
with input as (select %s::jsonb as given),
made as (
  insert into ledger_transaction (id, merchant_id, key, input_hash, kind, subject, booked_on, reverses_id, at,
    actor_kind, actor_id)
  select t.id, %s, t.key, decode(t.digest, 'hex'), t.kind, t.subject, t.booked_on, t.reverses, %s, %s, %s
  from input, jsonb_to_recordset(given -> 'transactions')
    as t(id uuid, key text, digest text, kind text, subject uuid, booked_on date, reverses uuid)
  order by t.reverses, t.key
  on conflict do nothing
  returning id, merchant_id, key, booked_on
), posted as (
  insert into ledger_posting (id, merchant_id, transaction_id, position, source_id, destination_id,
    amount_fen, currency, reference, booked_on)
  select l.id, made.merchant_id, made.id, l.position, l.source, l.destination, l.fen, l.currency, l.reference,
    made.booked_on
  from input, jsonb_to_recordset(given -> 'postings')
    as l(id uuid, transaction uuid, position integer, source uuid, destination uuid, fen bigint,
      currency text, reference uuid)
  join made on made.id = l.transaction
)
select key, id from made
"""
_FIND = """
select key, id, input_hash, booked_on from ledger_transaction where merchant_id = %s and key = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A transaction that is in the books."""

    id: UUID
    digest: bytes
    booked_on: date


def find_stored(keys: Sequence[str]) -> dict[str, Stored]:
    rows = execute_prepared(_FIND, [current_merchant(), list(keys)]).fetchall()
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
    ids = {draft.key: uuid7_text() for draft in drafts}
    names = {key: str(account) for key, account in accounts.items()}
    rows = {
        "transactions": [_transaction(draft, ids[draft.key], days[draft.booked_on]) for draft in drafts],
        "postings": [row for draft in drafts for row in _postings(draft, ids[draft.key], names)],
    }
    values = [to_json(rows), current_merchant(), clock.now(), actor.kind, actor.id]
    return dict(execute_prepared(_STORE, values).fetchall())


def _transaction(draft: Draft, number: str, day: date) -> dict[str, Any]:
    return {
        "id": number,
        "key": draft.key,
        "digest": draft.digest.hex(),
        "kind": draft.kind,
        "subject": str(draft.subject),
        "booked_on": day.isoformat(),
        "reverses": str(draft.reverses) if draft.reverses else None,
    }


def _postings(draft: Draft, transaction: str, accounts: Mapping[Key, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid7_text(),
            "transaction": transaction,
            "position": position,
            "source": accounts[line.source, draft.currency],
            "destination": accounts[line.destination, draft.currency],
            "fen": line.amount,
            "currency": draft.currency,
            "reference": str(line.reference) if line.reference else None,
        }
        for position, line in enumerate(draft.postings)
    ]
