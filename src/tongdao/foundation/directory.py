"""What must be unique across merchants, and leads to its merchant: equality look-up only, no payload."""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation.models import DirectoryEntry
from tongdao.foundation.refusals import Refusal

Kind = Literal[
    "storefront", "link", "trade_no", "refund_no", "callback", "waybill", "purchase", "order", "invitation"
]


class NameTaken(Refusal):
    """This name is already taken."""


class Found(NamedTuple):
    merchant_id: UUID
    id: UUID


def register(kind: Kind, token: str, merchant_id: UUID, id: UUID) -> None:
    """Enter `token`; raises NameTaken when another row holds it. Part of the caller's transaction."""
    try:
        with transaction.atomic():
            DirectoryEntry.objects.create(kind=kind, token=token, merchant_id=merchant_id, target_id=id)
    except IntegrityError as error:
        raise NameTaken(kind=kind) from error


def lookup(kind: Kind, token: str) -> Found | None:
    """The owner of `token`, or None. Tokens come from addresses, which may hold what no text column does."""
    if "\0" in token:
        return None
    row = (
        DirectoryEntry.objects.filter(kind=kind, token=token).values_list("merchant_id", "target_id").first()
    )
    return Found(*row) if row else None
