"""Which account a proven number opens. Numbers change hands, so a code alone does not open just any.

Proven by its holder within the carriers' freeze, a number cannot have passed to anybody else: its account
opens. Proven longer ago, or only ever stated, it needs one more sign of its owner: the password, or a
browser that was signed in to it. Without one the holder begins anew, and the old account goes on without it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Case, QuerySet, When

from tongdao.foundation import clock
from tongdao.foundation.pii import blind_index
from tongdao.party.people.codes import Proof
from tongdao.party.people.models import Identity, IdentityKind, Person
from tongdao.party.people.operations import create_guest, revoke_tokens
from tongdao.party.people.refusals import AccountUnsure, NumberTaken, SignInFailed
from tongdao.party.people.sessions import end_devices
from tongdao.party.people.tails import tail_key
from tongdao.rulebook.people import NUMBER_FREEZE

PHONE = IdentityKind.PHONE.value
Sure = Callable[[Person], bool]


def nobody_sure(person: Person) -> bool:
    """There is no other sign."""
    return False


def open_account(
    proof: Proof, *, guest: Person | None = None, sure: Sure = nobody_sure, anew: bool = False
) -> Person:
    """The person who now holds the number; a new one where there is none.

    `guest`: who buys in this browser without an account; a new account is that guest's. `sure` tells whether
    there is another sign of the owner. Raises AccountUnsure, unless `anew`, and SignInFailed.
    """
    for last in (False, True):
        try:
            with transaction.atomic():
                return _open(proof, guest, sure, anew)
        except IntegrityError:  # somebody came in with the same number at the same time
            if last:
                raise
    raise AssertionError("returned or raised")


def _open(proof: Proof, guest: Person | None, sure: Sure, anew: bool) -> Person:
    identity = _holder(proof)
    if identity is not None:
        person = identity.person.acting
        if not person.is_active:
            raise SignInFailed()
        if _fresh(identity, proof) or sure(person):
            identity.proved_at, identity.verified_at = proof.at, identity.verified_at or proof.at
            identity.save(update_fields=["proved_at", "verified_at"])
            return person
        if not anew:
            raise AccountUnsure()
        _end(identity)
    person = become_account(guest) if guest and is_guest(guest.pk) else create_guest()
    _hold(person, proof)
    return person


def bind_number(person_id: UUID, proof: Proof) -> None:
    """The number signs this person in from now on, and the one until now no longer does.

    Of accounts that became one, it belongs to the one whose number it takes the place of. Raises NumberTaken
    while it is surely somebody else's.
    """
    with transaction.atomic():
        shown = _numbers(person_id).first()
        person = Person.objects.select_for_update(no_key=True).get(pk=shown.person_id if shown else person_id)
        identity = _holder(proof)
        if identity is not None and identity.person.acting.pk != person_id and _fresh(identity, proof):
            raise NumberTaken()
        if identity is not None:
            _end(identity)
        for old in Identity.objects.filter(person=person, kind=PHONE, valid_to__isnull=True):
            _end(old)
        _hold(person, proof)


def is_guest(person_id: UUID) -> bool:
    """Whether nothing is known of the person by which it could sign in."""
    known = Identity.objects.filter(person__id__same_as=person_id, valid_to__isnull=True)
    return not known.exclude(kind=IdentityKind.BROWSER).exists()


def number_of(person_id: UUID) -> str | None:
    """The person's mobile number now, if there is one."""
    row = _numbers(person_id).first()
    return row.value if row else None


def numbers_of(person_id: UUID) -> list[str]:
    """All of them: each account that became part of this one may have brought its own."""
    return [row.value for row in _numbers(person_id) if row.value]


def _numbers(person_id: UUID) -> QuerySet[Identity]:
    """Its own first."""
    rows = Identity.objects.filter(person__id__same_as=person_id, kind=PHONE, valid_to__isnull=True)
    return rows.order_by(Case(When(person_id=person_id, then=0), default=1), "-valid_from", "pk")


def holds_number(person_id: UUID, proof: Proof) -> bool:
    """Whether the proven number is this person's."""
    identity = _holder(proof, lock=False)
    return identity is not None and identity.person.acting.pk == person_id


def _holder(proof: Proof, *, lock: bool = True) -> Identity | None:
    rows = Identity.objects.select_related("person__merged_into")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.filter(kind=PHONE, lookup=blind_index(PHONE, proof.phone), valid_to__isnull=True).first()


def _fresh(identity: Identity, proof: Proof) -> bool:
    freeze = NUMBER_FREEZE.on(proof.at)
    return identity.proved_at is not None and proof.at - identity.proved_at < freeze


def become_account(guest: Person) -> Person:
    """Who may have had this guest's key or token before has it no longer."""
    guest.password = make_password(None)
    guest.save(update_fields=["password"])
    end_devices(guest.pk)
    revoke_tokens(guest.pk)
    return guest


def _hold(person: Person, proof: Proof) -> None:
    Identity.objects.create(
        person=person,
        kind=PHONE,
        lookup=blind_index(PHONE, proof.phone),
        value=proof.phone,
        tail=tail_key(PHONE, proof.phone),
        verified_at=proof.at,
        proved_at=proof.at,
    )


def _end(identity: Identity) -> None:
    identity.valid_to = clock.now()
    identity.save(update_fields=["valid_to"])
