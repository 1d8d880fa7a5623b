"""Changing one's own password. Whoever is signed in elsewhere is signed out by it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tongdao.party.people.models import Person
from tongdao.party.people.refusals import PasswordTooWeak, PasswordWrong


def change_password(person_id: UUID, *, old: str, new: str) -> Person:
    """Sign in with `new` from now on. Raises PasswordWrong or PasswordTooWeak; then the old one stays.

    The sessions of a person carry a digest of the password, so all of them end but the one that the caller
    renews. Access tokens go on until they are revoked.
    """
    person = Person.objects.get(pk=person_id, is_active=True)
    if not check_password(old, person.password):
        raise PasswordWrong()
    try:
        validate_password(new)
    except ValidationError as error:
        raise PasswordTooWeak() from error
    person.password = make_password(new)
    person.save(update_fields=["password"])
    return person
