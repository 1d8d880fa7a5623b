"""The same key with the same input gives the first answer; with another input it is refused.

The key row is written in the transaction that does the work, so a crash leaves neither or both.
Two requests with one key meet at an advisory lock, which a killed connection gives back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.models import IdempotencyKey
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.refusals import BadInput, Refusal
from tongdao.foundation.tenancy import current_merchant

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


class DuplicateRequest(Refusal):
    """This request key was already used for something else. Nothing was done; start again from the cart."""


class BadRequestKey(BadInput):
    """The request key must have 8 to 64 letters, digits or hyphens."""


def check_key(key: str) -> str:
    if not (8 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()):
        raise BadRequestKey()
    return key


def input_hash(value: Any) -> bytes:
    """SHA-256 over the canonical JSON of `value` (ids and dates as text)."""
    return hashlib.sha256(_CANONICAL.encode(value).encode()).digest()


def key_id(scope: str, key: str) -> UUID:
    """The primary key of a key row: derived, so that one index serves both."""
    return uuid5(NAMESPACE_URL, f"tongdao:{scope}:{key}")


def lock_keys(ids: Iterable[UUID]) -> None:
    """Let one transaction at a time work under each key; held until the end of the transaction."""
    read(ask_lock_keys(ids))


def ask_lock_keys(ids: Iterable[UUID]) -> Asking[None]:
    """`lock_keys`, side by side with other questions."""
    enter_rank(Rank.KEY)
    numbers = sorted({int.from_bytes(_mixed(id), "big", signed=True) for id in ids})
    yield from ask(
        "select pg_advisory_xact_lock(n) from (select n from unnest(%s::bigint[]) n order by n) k", [numbers]
    )


def _mixed(id: UUID) -> bytes:
    return hashlib.sha256(current_merchant().bytes + id.bytes).digest()[:8]


def first_answers(ids: Iterable[UUID]) -> Mapping[UUID, tuple[bytes, Mapping[str, Any]]]:
    """Input hash and answer of the keys that were answered, by id. Call after `lock_keys`, in a statement
    of its own."""
    return read(ask_first_answers(ids))


def ask_first_answers(ids: Iterable[UUID]) -> Asking[dict[UUID, tuple[bytes, Mapping[str, Any]]]]:
    """`first_answers`, side by side with other questions."""
    rows = yield from ask(
        "select id, input_hash, answer from idempotency_key where merchant_id = %s and id = any(%s)",
        [current_merchant(), list(ids)],
    )
    return {id: (bytes(digest), _loaded(answer)) for id, digest, answer in rows}


def _loaded(answer: Any) -> Mapping[str, Any]:
    """Django lets raw cursors hand out jsonb as text."""
    loaded: Mapping[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
    return loaded


def remember(scope: str, key: str, digest: bytes, answer: Mapping[str, Any]) -> None:
    """Keep the answer given to `key`, in the transaction that made it true."""
    IdempotencyKey.objects.create(id=key_id(scope, key), scope=scope, input_hash=digest, answer=dict(answer))


def recall(scope: str, key: str, digest: bytes) -> Mapping[str, Any] | None:
    """Lock `key`; its first answer, or None when it is new. Raises DuplicateRequest for another input."""
    id = key_id(scope, check_key(key))
    lock_keys([id])
    found = first_answers([id]).get(id)
    if found is None:
        return None
    first, answer = found
    if first != digest:
        raise DuplicateRequest(key=key)
    return answer
