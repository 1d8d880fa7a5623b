"""A session of the operators' door: one working day, one role, a second step passed on the way in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.party.people.models import Person
from tongdao.party.people.operators import RIGHTS, platform_role
from tongdao.party.people.second import has_second_step
from tongdao.party.people.sign_in import begin_session

UNTIL = "operator_until"  # in the session: seconds since 1970
PROVEN = "operator_proven"  # in the session: that the way in had two steps
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
    proven = has_second_step(person.pk)
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
    proven = bool(request.session.get(PROVEN)) and has_second_step(person.pk)
    return Operator(person.pk, person.shown_name or role.label, role.value, proven)
