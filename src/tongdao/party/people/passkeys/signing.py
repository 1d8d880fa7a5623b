"""Proving with a passkey who one is: as the whole sign-in, or as its second step."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from tongdao.foundation import clock
from tongdao.foundation.throttling import Limit, give_back, take
from tongdao.party.people.models import Passkey, Person
from tongdao.party.people.passkeys.place import Asked, origin, rp_id
from tongdao.party.people.passkeys.refusals import PasskeyCopied, PasskeyRefused
from tongdao.party.people.passkeys.registering import LONGEST

BY_ADDRESS = Limit("passkey_by_address", 60, timedelta(seconds=10))


def begin_signing(person_id: UUID | None = None) -> tuple[Asked, str]:
    """The challenge, and the options for `navigator.credentials.get` as JSON.

    With `person_id` only that person's keys answer; without one the device shows whose it has.
    """
    known = Passkey.objects.filter(person_id=person_id, copied_at__isnull=True) if person_id else ()
    options = generate_authentication_options(
        rp_id=rp_id(),
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=bytes(each.credential)) for each in known],
    )
    return Asked("sign_in", options.challenge, person_id), options_to_json(options)


def finish_signing(asked: Asked, credential: str, *, address: str) -> Person:
    """Whose key answered. Raises PasskeyRefused, the same whatever is wrong, PasskeyCopied or TooManyTries.

    Outside any transaction: every try counts for the address that it came from.
    """
    take(BY_ADDRESS, address)
    sent = _parsed(credential)
    row = Passkey.objects.select_related("person__merged_into").filter(credential=sent.raw_id).first()
    if row is None or row.copied_at is not None or not row.person.is_active:
        raise PasskeyRefused()
    if asked.person_id not in (None, row.person_id) or not _names(sent, row):
        raise PasskeyRefused()
    proved = _verified(asked, sent, row)
    used = Passkey.objects.filter(pk=row.pk, sign_count=row.sign_count, copied_at__isnull=True)
    if not used.update(
        sign_count=proved.new_sign_count, synced=proved.credential_backed_up, used_at=clock.now()
    ):
        raise PasskeyRefused()
    give_back(BY_ADDRESS, address)
    return row.person


def _parsed(credential: str) -> AuthenticationCredential:
    if len(credential) > LONGEST:
        raise PasskeyRefused()
    try:
        return parse_authentication_credential_json(credential)
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused() from error


def _names(sent: AuthenticationCredential, row: Passkey) -> bool:
    """The key's own word for whose it is: what it was told when it was made. Old ones may say nothing."""
    handle = sent.response.user_handle
    return handle is None or handle == row.person_id.bytes


def _verified(asked: Asked, sent: AuthenticationCredential, row: Passkey) -> VerifiedAuthentication:
    """A counter that did not rise tells of two copies: the key is good no more (WebAuthn, 6.1.1).

    Keys that are shared among one's devices count nothing, and say 0.
    """
    try:
        proved = verify_authentication_response(
            credential=sent,
            expected_challenge=asked.challenge,
            expected_rp_id=rp_id(),
            expected_origin=origin(),
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused() from error
    counts = row.sign_count or proved.new_sign_count
    if counts and proved.new_sign_count <= row.sign_count:
        Passkey.objects.filter(pk=row.pk).update(copied_at=clock.now())
        raise PasskeyCopied()
    return proved
