"""What a side says stands once, however often it was sent: a double tap, a request that is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.idempotency import DuplicateRequest, input_hash, recall, remember
from tongdao.trade.aftersales.refusals import CaseWordsChanged

SCOPE = "case_words"


def said_before(
    key: str, about: UUID, step: str, text: str, files: Sequence[Kept] = (), *, actor: Actor
) -> bool:
    """Whether it was sent under this key before, by the same one and with the same words and files; then
    nothing is left to do. Two that come at once meet at the key. Without a key nobody can tell.

    Call it before anything is locked. Raises BadRequestKey, CaseWordsChanged.
    """
    if not key:
        return False
    shown = [(kept.type, kept.sha256) for kept in files]
    digest = input_hash([about, step, actor.kind, actor.id, text.strip(), shown])
    try:
        before = recall(SCOPE, key, digest)
    except DuplicateRequest as error:
        raise CaseWordsChanged() from error
    if before is None:
        remember(SCOPE, key, digest, {})
    return before is not None
