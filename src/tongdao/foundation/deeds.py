"""What operators did: one row each, written with what it tells of, never changed. It is theirs to answer for.

The event log is a merchant's own; what concerns no merchant, or reads what is sealed, has its record here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events.codes import code
from tongdao.foundation.events.context import request_id
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.refusals import BadInput, NotAllowed

SHORTEST, LONGEST = 4, 300  # characters of a reason


class ReasonNeeded(BadInput):
    """Say why, in 4 to 300 characters: it stays on record. Nothing was done."""


def note_deed(
    act: str,
    subject: tuple[str, object] = ("platform", ""),
    *,
    actor: Actor,
    reason: str,
    merchant_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    using: str = "default",
) -> OperatorDeed:
    """Keep that `actor` did `act` to the subject (its kind and its id or name), and why.

    In the transaction of the deed where that is one in the database; before it where it is not. `details`
    holds ids, numbers and codes. Raises NotAllowed for whoever is no operator, ReasonNeeded.
    """
    if actor.kind != "operator":
        raise NotAllowed()
    text = " ".join(reason.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise ReasonNeeded()
    kind, id = subject
    return OperatorDeed.objects.using(using).create(
        act=code(act),
        subject_kind=code(kind),
        subject_id=str(id)[:80],
        merchant_id=merchant_id,
        person_id=actor.id,
        reason=text,
        details=dict(details or {}),
        request_id=request_id.get(),
        at=clock.now(),
    )
