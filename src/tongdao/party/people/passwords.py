"""One's own password: changed by who knows it, set anew by who holds the account's number.

Either way every other browser is signed out, and no access token speaks for the person any longer.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tongdao.foundation.throttling import give_back, take
from tongdao.party.people import limits
from tongdao.party.people.accounts import holds_number
from tongdao.party.people.codes import Proof
from tongdao.party.people.models import Person
from tongdao.party.people.operations import revoke_tokens
from tongdao.party.people.refusals import PasswordTooWeak, PasswordWrong, ProofExpired
from tongdao.party.people.sessions import end_devices


def change_password(person_id: UUID, *, old: str, new: str, keep: str | None = None) -> Person:
    """Sign in with `new` from now on. Raises PasswordWrong, PasswordTooWeak, TooManyTries: the old one stays.

    `keep` is the key of the session that goes on; its caller renews it, since a session carries a digest of
    the password.
    """
    person = Person.objects.get(pk=person_id, is_active=True)
    take(limits.PASSWORD_OF_ACCOUNT, str(person_id))
    if not check_password(old, person.password):
        raise PasswordWrong()
    give_back(limits.PASSWORD_OF_ACCOUNT, str(person_id))
    return _set(person, new, keep)


def set_password(person_id: UUID, *, proof: Proof, new: str, keep: str | None = None) -> Person:
    """The same for who has forgotten it, or never had one. Raises ProofExpired or PasswordTooWeak."""
    if not holds_number(person_id, proof):
        raise ProofExpired()
    return _set(Person.objects.get(pk=person_id, is_active=True), new, keep)


def _set(person: Person, new: str, keep: str | None) -> Person:
    try:
        validate_password(new)
    except ValidationError as error:
        raise PasswordTooWeak() from error
    person.password = make_password(new)
    with transaction.atomic():
        person.save(update_fields=["password"])
        end_devices(person.pk, keep=keep)
        revoke_tokens(person.pk)
    return person
