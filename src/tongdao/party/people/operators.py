"""Who runs the platform, and what they do to persons. Nobody becomes an operator through the web.

The table is written by its owner alone (`manage grant_operator`), so a web process that was taken over makes
none. What an operator does to a person is kept in foundation.deeds with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.refusals import NotFound
from tongdao.party.people.models import Identity, IdentityKind, Person, PlatformOperator, PlatformRole
from tongdao.party.people.operations import revoke_tokens
from tongdao.party.people.refusals import OperatorKnown
from tongdao.party.people.sessions import end_devices

Right = Literal["look", "act"]
RIGHTS: Mapping[str, frozenset[Right]] = {
    PlatformRole.OPERATOR: frozenset({"look", "act"}),
    PlatformRole.OBSERVER: frozenset({"look"}),
}
AT_THE_MACHINE = Actor("operator")


@dataclass(frozen=True, slots=True)
class Unmasked:
    """What is sealed of a person: the name, and each (kind, value) that signs it in now."""

    shown_name: str
    ways: tuple[tuple[str, str], ...]


def platform_role(person_id: UUID) -> PlatformRole | None:
    """What the person is to the platform now, if anything."""
    live = PlatformOperator.objects.filter(person_id=person_id, revoked_at__isnull=True)
    role = live.filter(person__is_active=True).values_list("role", flat=True).first()
    return PlatformRole(role) if role else None


def grant_operator(person_id: UUID, role: PlatformRole, *, reason: str) -> PlatformOperator:
    """With the rights of the tables' owner, at the machine. Raises OperatorKnown or ReasonNeeded."""
    with transaction.atomic(using="owner"):
        rows = PlatformOperator.objects.using("owner")
        if rows.filter(person_id=person_id, revoked_at__isnull=True).exists():
            raise OperatorKnown()
        row = rows.create(person_id=person_id, role=role.value, granted_at=clock.now())
        _note("operator.grant", person_id, reason, role)
    return row


def revoke_operator(person_id: UUID, *, reason: str) -> None:
    """From the next request on; all sessions of the person end. Raises NotFound or ReasonNeeded."""
    with transaction.atomic(using="owner"):
        live = PlatformOperator.objects.using("owner").filter(person_id=person_id, revoked_at__isnull=True)
        row = live.first()
        if row is None:
            raise NotFound()
        live.update(revoked_at=clock.now())
        _note("operator.revoke", person_id, reason, PlatformRole(row.role))
    end_devices(person_id)


def _note(act: str, person_id: UUID, reason: str, role: PlatformRole) -> None:
    subject, details = ("person", person_id), {"role": role.value}
    note_deed(act, subject, actor=AT_THE_MACHINE, reason=reason, details=details, using="owner")


def unmask_person(person_id: UUID, *, actor: Actor, reason: str) -> Unmasked:
    """What the person is called and signs in with, for once. Raises NotFound or ReasonNeeded."""
    with transaction.atomic():
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise NotFound()
        note_deed("person.unmask", ("person", person_id), actor=actor, reason=reason)
        ways = Identity.objects.filter(person=person, valid_to__isnull=True)
        shown = ways.exclude(kind=IdentityKind.BROWSER).exclude(value__isnull=True).order_by("valid_from")
        return Unmasked(person.shown_name or "", tuple((way.kind, way.value or "") for way in shown))


def lock_person(person_id: UUID, *, actor: Actor, reason: str) -> None:
    """The account opens no door any more, and every session and token of it ends now.

    Raises NotFound where there is none that is open, or ReasonNeeded.
    """
    with transaction.atomic():
        _set_active(person_id, False)
        end_devices(person_id)
        revoke_tokens(person_id)
        note_deed("person.lock", ("person", person_id), actor=actor, reason=reason)


def unlock_person(person_id: UUID, *, actor: Actor, reason: str) -> None:
    """The account can be signed in to again. Raises NotFound where it is not locked, or ReasonNeeded."""
    with transaction.atomic():
        _set_active(person_id, True)
        note_deed("person.unlock", ("person", person_id), actor=actor, reason=reason)


def _set_active(person_id: UUID, active: bool) -> None:
    rows = Person.objects.filter(pk=person_id, is_active=not active, merged_into__isnull=True)
    if not rows.update(is_active=active):
        raise NotFound()
