"""Persons for tests, and proofs of their numbers as if a code had come and been typed."""

from __future__ import annotations

import random
from datetime import timedelta

from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.party.people.accounts import open_account
from tongdao.party.people.codes import Proof, prove_phone, send_code
from tongdao.party.people.models import CodePurpose, Person
from tongdao.party.people.operations import register_person

PASSWORD = "three small cups"
LONG_AGO = timedelta(days=91)  # more than carriers keep a number back


def a_phone() -> str:
    return f"139{random.randrange(10**8):08}"


def an_email() -> str:
    return f"{token(12)}@example.cn"


def an_address() -> str:
    """Somewhere that nobody else comes from."""
    return f"test {token(12)}"


def a_code(phone: str, purpose: CodePurpose = CodePurpose.SIGN_IN) -> str:
    """The code that was sent."""
    return send_code(phone, purpose, address=an_address()).shown


def a_proof(phone: str, purpose: CodePurpose = CodePurpose.SIGN_IN) -> Proof:
    return prove_phone(phone, purpose, a_code(phone, purpose), address=an_address())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def with_number(phone: str | None = None, *, ago: timedelta = timedelta()) -> tuple[Person, str]:
    """Who proved this number so long ago, and the number."""
    phone = phone or a_phone()
    with clock.shifted(-ago):
        return open_account(a_proof(phone)), phone


def with_password() -> tuple[Person, str]:
    """Who signs in with an e-mail address and PASSWORD, and the address."""
    name = an_email()
    return register_person(sign_in_name=name, password=PASSWORD), name
