"""Making persons, recognising them, and their access tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.pii import BadEmail, BadPhone, blind_index, normalise_email, normalise_phone
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.throttling import give_back, take
from tongdao.party.people import limits
from tongdao.party.people.models import AccessToken, Identity, IdentityKind, Person
from tongdao.party.people.refusals import (
    MergeUnproven,
    PasswordTooWeak,
    SignInFailed,
    SignInNameInvalid,
    SignInNameTaken,
    TokenInvalid,
)
from tongdao.party.people.tails import mask_key, tail_key

TOKEN_LIFE = timedelta(days=30)
LATELY = timedelta(minutes=10)
# Checked when nobody has the name, so that a wrong name takes as long as a wrong password.
NOBODYS_PASSWORD = make_password(secrets.token_hex(8))


def create_guest() -> Person:
    """A person of whom nothing is known but one browser or one token."""
    return Person.objects.create(password=make_password(None))


def register_person(*, sign_in_name: str, password: str, shown_name: str | None = None) -> Person:
    """Make a person who signs in with an e-mail address or a mobile number and a password.

    Raises SignInNameInvalid, SignInNameTaken or PasswordTooWeak.
    """
    kind, value = read_sign_in_name(sign_in_name)
    try:
        validate_password(password)
    except ValidationError as error:
        raise PasswordTooWeak() from error
    try:
        with transaction.atomic():
            person = Person.objects.create(
                password=make_password(password), shown_name=shown_name, name_mask=mask_key(shown_name)
            )
            Identity.objects.create(
                person=person,
                kind=kind,
                lookup=blind_index(kind, value),
                value=value,
                tail=tail_key(kind, value),
            )
    except IntegrityError as error:
        raise SignInNameTaken() from error
    return person


def read_sign_in_name(text: str) -> tuple[str, str]:
    """(kind, normalised value) of what somebody typed to sign in; raises SignInNameInvalid."""
    try:
        if "@" in text:
            return IdentityKind.EMAIL.value, normalise_email(text)
        return IdentityKind.PHONE.value, normalise_phone(text)
    except (BadEmail, BadPhone) as error:
        raise SignInNameInvalid() from error


def find_person(sign_in_name: str) -> Person | None:
    """Whose name to sign in with this is now, if anybody's. It may have been merged: see `Person.acting`."""
    kind, value = read_sign_in_name(sign_in_name)
    identity = (
        Identity.objects.select_related("person__merged_into")
        .filter(kind=kind, lookup=blind_index(kind, value), valid_to__isnull=True)
        .first()
    )
    return identity.person if identity else None


def check_sign_in(
    sign_in_name: str, password: str, *, address: str = "", known: Mapping[UUID, str] | None = None
) -> Person:
    """The person with this name and password; raises SignInFailed, the same for either being wrong.

    Of accounts that became one, each name opens it with the one's password; where it has none, with its own.

    Every wrong try counts: for the name and for the address it came from, or, in a browser that was signed in
    to this account before, for that browser alone (`known`: a mark of it by person, see sign_in). So
    strangers who guess shut out strangers, never the owner. Outside any transaction. Raises TooManyTries.
    """
    named = _named(sign_in_name)
    person = named.acting if named else None
    mark = (known or {}).get(person.pk) if person else None
    if mark:
        counts = [(limits.PASSWORD_OF_BROWSER, mark)]
    else:
        counts = [(limits.PASSWORD_OF_ACCOUNT, _account(sign_in_name))]
        counts += [(limits.PASSWORD_BY_ADDRESS, address)] if address else []
    for limit, subject in counts:
        take(limit, subject)
    stored = _password_of(person, named) if person and named else NOBODYS_PASSWORD
    if not check_password(password, stored) or person is None or not person.is_active:
        raise SignInFailed()
    for limit, subject in counts:
        give_back(limit, subject)
    return person


def _password_of(acting: Person, named: Person) -> str:
    return acting.password if acting.has_usable_password() else named.password


def _named(sign_in_name: str) -> Person | None:
    try:
        return find_person(sign_in_name)
    except SignInNameInvalid:
        return None


def _account(sign_in_name: str) -> str:
    """What tries are counted for, whether or not there is such an account."""
    try:
        return " ".join(read_sign_in_name(sign_in_name))
    except SignInNameInvalid:
        return sign_in_name.strip().lower()


def issue_token(person: Person) -> str:
    """A new bearer token; it is shown this once, the database keeps its SHA-256."""
    text = f"td_{secrets.token_urlsafe(32)}"
    AccessToken.objects.create(person=person, digest=_digest(text), expires_at=clock.now() + TOKEN_LIFE)
    return text


def person_of_token(text: str) -> Person:
    """Who the token speaks for; raises TokenInvalid."""
    found = persons_of_tokens([text])[0]
    if isinstance(found, TokenInvalid):
        raise found
    return found


_SPEAKS_FOR = """
select token.digest, person.id, person.is_active
from access_token token join person on person.id = token.person_id
where token.digest = any(%s) and token.revoked_at is null and token.expires_at > %s and person.is_active
  and person.merged_into_id is null
"""


def persons_of_tokens(texts: Sequence[str]) -> list[Person | TokenInvalid]:
    """Who each token speaks for, in order, read now and in one statement; names are read when asked for."""
    return read(ask_persons_of_tokens(texts))


def ask_persons_of_tokens(texts: Sequence[str]) -> Asking[list[Person | TokenInvalid]]:
    """`persons_of_tokens`, side by side with other questions."""
    if not texts:
        return []
    digests = [_digest(text) for text in texts]
    rows = yield from ask(_SPEAKS_FOR, [digests, clock.now()])
    found = {bytes(row[0]): Person.from_db("default", ["id", "is_active"], row[1:]) for row in rows}
    return [found.get(digest) or TokenInvalid() for digest in digests]


def person_of_fresh_token(text: str) -> Person:
    """Who signed in with it minutes ago: asked for before the ways into an account are changed.

    Raises TokenInvalid, or MergeUnproven for an older one.
    """
    person = person_of_token(text)
    fresh = AccessToken.objects.filter(digest=_digest(text), created_at__gt=clock.now() - LATELY)
    if not fresh.exists():
        raise MergeUnproven()
    return person


def revoke_token(text: str) -> None:
    """End the token now. Ending it twice is no error."""
    AccessToken.objects.filter(digest=_digest(text), revoked_at__isnull=True).update(revoked_at=clock.now())


def revoke_tokens(person_id: UUID) -> int:
    """End all tokens of the person now; returns how many there were."""
    live = AccessToken.objects.filter(person_id=person_id, revoked_at__isnull=True)
    return live.filter(expires_at__gt=clock.now()).update(revoked_at=clock.now())


def count_tokens(person_id: UUID) -> int:
    """How many tokens speak for the person now."""
    live = AccessToken.objects.filter(person_id=person_id, revoked_at__isnull=True)
    return live.filter(expires_at__gt=clock.now()).count()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
