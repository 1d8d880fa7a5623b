"""Asking to be erased, and taking that back. Faces ask for a fresh sign-in first."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.compliance.retention.circle import accounts_of
from tongdao.compliance.retention.models import Erasure
from tongdao.compliance.retention.queries import blockers_of
from tongdao.compliance.retention.refusals import ErasureAskedAlready, ErasureBlocked, NothingToWithdraw
from tongdao.compliance.retention.states import ERASURE
from tongdao.foundation import clock
from tongdao.foundation.personal import HOLDINGS
from tongdao.foundation.states import claim
from tongdao.rulebook.people import ERASURE_COOLING_OFF


def ask_erasure(person_id: UUID, *, wishes: Collection[str] = ()) -> Erasure:
    """The person is erased when the cooling-off days are over, unless it takes that back.

    `wishes` are tables that may go further than they must (foundation.personal); unknown ones are ignored.
    Raises ErasureBlocked (its details name the objections) or ErasureAskedAlready. Opens its own scopes.
    """
    blockers = blockers_of(accounts_of(person_id))
    if blockers:
        told = [{"code": each.code, "message": str(each)} for each in blockers]
        raise ErasureBlocked(blockers=told)
    now = clock.now()
    can = sorted(table for table, holding in HOLDINGS.items() if holding.wished and table in wishes)
    row = Erasure(person_id=person_id, wishes=can, asked_at=now, due_at=now + ERASURE_COOLING_OFF.on(now))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ErasureAskedAlready() from error
    return row


def withdraw_erasure(person_id: UUID) -> None:
    """All stays as it is. Raises NothingToWithdraw."""
    ids = list(Erasure.objects.filter(person_id=person_id, state="asked").values_list("id", flat=True))
    if not claim(ERASURE, "asked", "withdrawn", Erasure, ids, ended_at=clock.now()):
        raise NothingToWithdraw()
