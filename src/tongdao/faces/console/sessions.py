"""Signing in and out of the console, and the merchants that a person works for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from tongdao.foundation import clock
from tongdao.foundation.tenancy import person_scope
from tongdao.party.merchants.models import Merchant, StaffMember
from tongdao.party.people.models import Person
from tongdao.party.people.sign_in import begin_session

DESK = "desk_until"  # in the session: seconds since 1970
SHIFT = 12 * 3600  # seconds: a desk signs in once a day


@dataclass(frozen=True, slots=True)
class Workplace:
    merchant_id: UUID
    name: str
    role: str


def begin(request: HttpRequest, person: Person) -> None:
    """The person is signed in for one working day; the session's key changes."""
    begin_session(request, person, seconds=SHIFT)
    request.session[DESK] = int(clock.now().timestamp()) + SHIFT


def signed_in(request: HttpRequest) -> UUID | None:
    """The person, if it signed in at this door today. A shop's session of a year opens no desk."""
    person = request.user
    here = person.is_authenticated and clock.now().timestamp() < request.session.get(DESK, 0)
    return person.pk if here else None


def workplaces(person_id: UUID) -> list[Workplace]:
    """Where the person works now, by name."""
    with person_scope(person_id):
        rows = list(StaffMember.objects.filter(left_at__isnull=True))
    roles = {row.merchant_id: row.role for row in rows}
    names = Merchant.objects.filter(pk__in=list(roles)).order_by("name", "id").values_list("id", "name")
    return [Workplace(id, name, roles[id]) for id, name in names]
