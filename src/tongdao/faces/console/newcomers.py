"""Finding the person behind a sign-in name, or making one with a password that is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.ids import token
from tongdao.party.people.operations import find_person, register_person


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`password` is empty for who had an account already."""

    person_id: UUID
    sign_in_name: str
    password: str


def find_or_register(sign_in_name: str, shown_name: str) -> Newcomer:
    """Raises SignInNameInvalid."""
    person = find_person(sign_in_name)
    if person is not None:
        return Newcomer(person.id, sign_in_name, "")
    password = "-".join(token(4) for _part in range(4))
    made = register_person(sign_in_name=sign_in_name, password=password, shown_name=shown_name or None)
    return Newcomer(made.id, sign_in_name, password)
