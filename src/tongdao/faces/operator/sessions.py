"""A session of the operators' door: one working day, one role, a second step passed on the way in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from tongdao.faces.operator.words import word
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.party.people.models import Person
from tongdao.party.people.operators import RIGHTS, platform_role
from tongdao.party.people.second import has_second_step
from tongdao.party.people.sign_in import begin_session

UNTIL = "operator_until"  # in the session: seconds since 1970
PROVEN = "operator_proven"  # in the session: by what the way in had two steps, or nothing
APP, PASSKEY = "app", "passkey"  # a code of the authenticator app; a passkey, which is both steps at once
SHIFT = 10 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Operator:
    """Who sits at the desk. `proven`: came in by two steps; who did not may only set the second one up."""

    person_id: UUID
    name: str
    role: str
    proven: bool

    @property
    def may_act(self) -> bool:
        return self.proven and "act" in RIGHTS[self.role]

    @property
    def actor(self) -> Actor:
        return Actor("operator", self.person_id)


def begin(request: HttpRequest, person: Person) -> None:
    """Signed in for a working day under a new key. The course asked for the second step if there is one."""
    here = request.resolver_match
    by_key = here is not None and here.url_name == "passkey"
    proven = PASSKEY if by_key else APP if has_second_step(person.pk) else ""
    begin_session(request, person, seconds=SHIFT)
    request.session[UNTIL] = int(clock.now().timestamp()) + SHIFT
    request.session[PROVEN] = proven


def operator_of(request: HttpRequest) -> Operator | None:
    """Who signed in at this door today and runs the platform now; the role is read at every request."""
    person = request.user
    if not person.is_authenticated or clock.now().timestamp() >= request.session.get(UNTIL, 0):
        return None
    role = platform_role(person.pk)
    if role is None:
        return None
    name = person.shown_name or word(role.value)
    return Operator(person.pk, name, role.value, _proven(person, request.session.get(PROVEN)))


def _proven(person: Person, by: object) -> bool:
    """A second step that was removed since counts no more."""
    return by == PASSKEY or (by == APP and has_second_step(person.pk))
