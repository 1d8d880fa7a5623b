"""The second step: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pyotp
from django.db import transaction
from django.utils.crypto import constant_time_compare

from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.pii import blind_index
from tongdao.foundation.throttling import give_back, take
from tongdao.party.people import limits
from tongdao.party.people.models import Authenticator, RecoveryCode
from tongdao.party.people.refusals import AuthenticatorOn, SecondStepNeeded, SecondStepWrong

STEP = 30  # seconds that a code is shown
DRIFT = (-1, 0, 1)  # steps that the clock of a phone may be off
RECOVERY_CODES = 10
ISSUER = "Tongdao"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app needs: `uri` as a QR code, or `secret` typed."""

    secret: str
    uri: str


def has_second_step(person_id: UUID) -> bool:
    return Authenticator.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def begin_authenticator(person_id: UUID, *, shown_as: str) -> Enrolment:
    """A secret to put into the app; it counts from the first code on. Raises AuthenticatorOn."""
    fresh = {"secret": pyotp.random_base32()}
    row, _ = Authenticator.objects.get_or_create(person_id=person_id, defaults=fresh)
    if row.confirmed_at is not None:
        raise AuthenticatorOn()
    return Enrolment(row.secret, pyotp.TOTP(row.secret).provisioning_uri(name=shown_as, issuer_name=ISSUER))


def confirm_authenticator(person_id: UUID, code: str) -> list[str]:
    """The app is set up; returns the recovery codes, shown this once.

    Raises SecondStepWrong, AuthenticatorOn or TooManyTries.
    """
    row = Authenticator.objects.filter(person_id=person_id).first()
    if row is None:
        raise SecondStepWrong()
    if row.confirmed_at is not None:
        raise AuthenticatorOn()
    take(limits.SECOND_OF_ACCOUNT, str(person_id))
    if not _use_app(row, code):
        raise SecondStepWrong()
    give_back(limits.SECOND_OF_ACCOUNT, str(person_id))
    with transaction.atomic():
        Authenticator.objects.filter(pk=row.pk).update(confirmed_at=clock.now())
        return _new_recovery_codes(person_id)


def check_second_step(person_id: UUID, code: str) -> None:
    """Use a code of the app or a recovery code up; a person without a second step needs none.

    Raises SecondStepNeeded without a code, SecondStepWrong or TooManyTries.
    """
    row = Authenticator.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if row is None:
        return
    if not code.strip():
        raise SecondStepNeeded()
    take(limits.SECOND_OF_ACCOUNT, str(person_id))
    if not (_use_app(row, code) or _use_recovery(person_id, code)):
        raise SecondStepWrong()
    give_back(limits.SECOND_OF_ACCOUNT, str(person_id))


def drop_authenticator(person_id: UUID, code: str) -> None:
    """No second step from now on. Raises what check_second_step does."""
    check_second_step(person_id, code)
    with transaction.atomic():
        Authenticator.objects.filter(person_id=person_id).delete()
        RecoveryCode.objects.filter(person_id=person_id).delete()


def count_recovery_codes(person_id: UUID) -> int:
    """How many are left."""
    return RecoveryCode.objects.filter(person_id=person_id, used_at__isnull=True).count()


def _use_app(row: Authenticator, code: str) -> bool:
    """One update claims the step: the same code twice, even at once, is good once."""
    digits = "".join(code.split())
    now = int(clock.now().timestamp()) // STEP
    totp = pyotp.TOTP(row.secret)
    step = next((now + off for off in DRIFT if constant_time_compare(totp.at((now + off) * STEP), digits)), 0)
    return bool(step and Authenticator.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step))


def _use_recovery(person_id: UUID, code: str) -> bool:
    live = RecoveryCode.objects.filter(person_id=person_id, used_at__isnull=True)
    return bool(live.filter(digest=_digest(person_id, code)).update(used_at=clock.now()))


def _new_recovery_codes(person_id: UUID) -> list[str]:
    codes = [f"{token(5)}-{token(5)}" for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person_id=person_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person_id=person_id, digest=_digest(person_id, code)) for code in codes
    )
    return codes


def _digest(person_id: UUID, code: str) -> bytes:
    plain = "".join(code.lower().replace("-", "").split())
    return blind_index("recovery_code", f"{person_id}\0{plain}")
