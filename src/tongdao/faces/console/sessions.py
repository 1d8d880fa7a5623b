"""Signing in and out of the console, and the merchants that a person works for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from tongdao.foundation.tenancy import person_scope
from tongdao.party.merchants.models import Merchant, StaffMember
from tongdao.party.people.models import Person

BACKEND = "tongdao.party.people.sign_in.IdentityBackend"
SHIFT = 12 * 3600  # seconds: a desk signs in once a day


@dataclass(frozen=True, slots=True)
class Workplace:
    merchant_id: UUID
    name: str
    role: str


def begin(request: HttpRequest, person: Person) -> None:
    """The person is signed in for one working day; the session's key changes."""
    login(request, person, backend=BACKEND)
    request.session.set_expiry(SHIFT)


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Where to go after signing in: a page of this console, or nothing."""
    inside = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if inside and wanted.startswith("/console/") else ""


def workplaces(person_id: UUID) -> list[Workplace]:
    """Where the person works now, by name."""
    with person_scope(person_id):
        rows = list(StaffMember.objects.filter(left_at__isnull=True))
    roles = {row.merchant_id: row.role for row in rows}
    names = Merchant.objects.filter(pk__in=list(roles)).order_by("name", "id").values_list("id", "name")
    return [Workplace(id, name, roles[id]) for id, name in names]
