"""A new passkey for who is signed in."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tongdao.party.people.models import Passkey
from tongdao.party.people.passkeys.keeping import NAME_LETTERS
from tongdao.party.people.passkeys.place import RP_NAME, Asked, origin, rp_id
from tongdao.party.people.passkeys.refusals import (
    PasskeyKnown,
    PasskeyNameInvalid,
    PasskeyRefused,
    TooManyPasskeys,
)

MOST = 10
LONGEST = 20_000  # characters of what a browser sends


def begin_registration(person_id: UUID, *, shown_as: str) -> tuple[Asked, str]:
    """The challenge, and the options for `navigator.credentials.create` as JSON.

    `shown_as` is what the device shows beside the key. Raises TooManyPasskeys.
    """
    known = list(Passkey.objects.filter(person_id=person_id).values_list("credential", flat=True))
    if len(known) >= MOST:
        raise TooManyPasskeys(most=MOST)
    options = generate_registration_options(
        rp_id=rp_id(),
        rp_name=RP_NAME,
        user_id=person_id.bytes,
        user_name=shown_as,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(each)) for each in known],
    )
    return Asked("register", options.challenge, person_id), options_to_json(options)


def finish_registration(person_id: UUID, asked: Asked, credential: str, *, name: str) -> Passkey:
    """Keep the key. Raises PasskeyRefused, PasskeyKnown, PasskeyNameInvalid or TooManyPasskeys."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LETTERS:
        raise PasskeyNameInvalid()
    if asked.person_id != person_id or len(credential) > LONGEST:
        raise PasskeyRefused()
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=asked.challenge,
            expected_rp_id=rp_id(),
            expected_origin=origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused() from error
    row = Passkey(
        person_id=person_id,
        name=name,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        synced=made.credential_backed_up,
    )
    return _kept(row)


def _kept(row: Passkey) -> Passkey:
    """Ten at most, also when two are made at once: the person's row is locked."""
    try:
        with transaction.atomic():
            mine = Passkey.objects.select_for_update().filter(person_id=row.person_id)
            if len(mine) >= MOST:
                raise TooManyPasskeys(most=MOST)
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PasskeyKnown() from error
    return row
