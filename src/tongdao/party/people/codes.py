"""One-time codes: sent to a number, typed back once. Nothing here looks at accounts, or tells of any."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.keys import KeyMissing
from tongdao.foundation.pii import BadPhone, BadSeal, blind_index, normalise_phone, open_, seal
from tongdao.foundation.throttling import give_back, take
from tongdao.party.people import limits
from tongdao.party.people.models import CodePurpose, OneTimeCode
from tongdao.party.people.refusals import CodeWrong, PhoneInvalid, ProofExpired
from tongdao.party.people.sms import Sent, sms_gateway

DIGITS = 6
MOST_TRIES = 5
CODE_LIFE = timedelta(minutes=5)
PROOF_LIFE = timedelta(minutes=10)
_PLACE = "people.proof"

_KEEP = """
insert into one_time_code (id, purpose, lookup, digest, tries, sent_at, expires_at)
values (%s, %s, %s, %s, 0, %s, %s)
on conflict (purpose, lookup) do update set digest = excluded.digest, tries = 0, used_at = null,
  sent_at = excluded.sent_at, expires_at = excluded.expires_at
"""
# One statement counts the try and uses the code up: of two who type it at once one gets in.
_USE = """
update one_time_code
set tries = tries + 1, used_at = case when digest = %(digest)s then %(now)s::timestamptz end
where purpose = %(purpose)s and lookup = %(lookup)s
  and used_at is null and tries < %(most)s and expires_at > %(now)s
returning used_at is not null
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody held this number a moment ago. `text` is sealed: it can be handed to a browser."""

    phone: str
    purpose: str
    at: datetime

    @property
    def text(self) -> str:
        plain = f"{self.purpose} {self.at.timestamp():.0f} {self.phone}"
        return base64.urlsafe_b64encode(seal(plain, _PLACE)).decode()


def read_phone(text: str) -> str:
    """Eleven digits; raises PhoneInvalid."""
    try:
        return normalise_phone(text)
    except BadPhone as error:
        raise PhoneInvalid() from error


def send_code(phone: str, purpose: CodePurpose, *, address: str) -> Sent:
    """Send a new code, which takes the place of the last one; the same for every number, known or not.

    Outside any scope. Raises PhoneInvalid, TooManyTries or SmsUnavailable.
    """
    phone = read_phone(phone)
    take(limits.CODE_BY_ADDRESS, address)
    take(limits.CODE_AGAIN, phone)
    take(limits.CODE_TO_NUMBER, phone)
    code, now = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", clock.now()
    lookup, digest = blind_index("phone", phone), _digest(purpose, phone, code)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [uuid7(), purpose.value, lookup, digest, now, now + CODE_LIFE])
    return sms_gateway().send_code(phone, code, CODE_LIFE // timedelta(minutes=1))


def prove_phone(phone: str, purpose: CodePurpose, code: str, *, address: str) -> Proof:
    """Use the code up. Raises CodeWrong, the same whatever is wrong with it, PhoneInvalid or TooManyTries."""
    phone = read_phone(phone)
    take(limits.GUESS_BY_ADDRESS, address)
    take(limits.GUESS_AT_NUMBER, phone)
    now = clock.now()
    values: dict[str, Any] = {
        "purpose": purpose.value,
        "lookup": blind_index("phone", phone),
        "digest": _digest(purpose, phone, code),
        "now": now,
        "most": MOST_TRIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USE, values)
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise CodeWrong()
    give_back(limits.GUESS_BY_ADDRESS, address)
    give_back(limits.GUESS_AT_NUMBER, phone)
    return Proof(phone, purpose.value, now)


def read_proof(text: str, purpose: CodePurpose) -> Proof:
    """What `Proof.text` says; raises ProofExpired for what is old, forged or of another purpose."""
    try:
        kind, at, phone = open_(base64.urlsafe_b64decode(text.encode()), _PLACE).split(" ")
        proof = Proof(phone, kind, datetime.fromtimestamp(int(at), clock.now().tzinfo))
    except (BadSeal, KeyMissing, ValueError) as error:
        raise ProofExpired() from error
    if proof.purpose != purpose or clock.now() - proof.at > PROOF_LIFE:
        raise ProofExpired()
    return proof


def sweep_codes(now: datetime) -> int:
    """Forget codes that are over; returns how many."""
    return OneTimeCode.objects.filter(expires_at__lt=now - PROOF_LIFE).delete()[0]


def _digest(purpose: CodePurpose, phone: str, code: str) -> bytes:
    """Keyed, so that a copy of the table does not give the codes away; a million would be tried at once."""
    return blind_index("one_time_code", f"{purpose.value}\0{phone}\0{code.strip()}")
