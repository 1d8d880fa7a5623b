"""Signing in with a mobile number: a code is sent, proves the number, and the proof opens the account."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotAllowed
from tongdao.party.people.accounts import bind_number, is_guest, open_account
from tongdao.party.people.codes import CODE_LIFE, PROOF_LIFE, prove_phone, read_proof, send_code
from tongdao.party.people.models import CodePurpose, Person
from tongdao.party.people.operations import check_sign_in, issue_token
from tongdao.party.people.second import check_second_step
from tongdao.party.people.visitors import visitor_address

router = Router(tags=["people"])
Phone = Annotated[Text, Field(max_length=20, description="Mainland mobile number")]
ProofText = Annotated[Text, Field(max_length=400, description="As the proof was given out")]


class CodeIn(Input):
    phone: Phone
    purpose: CodePurpose = CodePurpose.SIGN_IN


class CodeOut(Schema):
    """The same for every number, known or not."""

    good_for: int = Field(description="Seconds")
    shown: str | None = Field(description="The code itself, where a sandbox shows it instead of sending it")


class ProofIn(CodeIn):
    code: Text = Field(max_length=12)


class ProofOut(Schema):
    proof: str
    good_for: int = Field(description="Seconds")


class NumberSignInIn(Input):
    """`password` or `anew` are asked for by the refusal `account_unsure`."""

    proof: ProofText
    password: Text = Field("", max_length=128, description="Of the account that the number had")
    anew: bool = Field(False, description="Begin a new account; the old one goes on without the number")
    second: Text = Field("", max_length=20, description="Code of the authenticator app, where one is set up")


class NumberTokenOut(Schema):
    """The token is shown this once."""

    person_id: UUID
    token: str


class ClaimIn(Input):
    proof: ProofText


@operation(router, "POST", "/codes", need="nobody", answer=CodeOut, status=202, refuses=[429])
def send_one_time_code(request: HttpRequest, body: CodeIn) -> CodeOut:
    """Send a code to a mobile number."""
    sent = send_code(body.phone, body.purpose, address=visitor_address(request))
    return CodeOut(good_for=int(CODE_LIFE.total_seconds()), shown=sent.shown or None)


@operation(router, "POST", "/proofs", need="nobody", answer=ProofOut, status=201, refuses=[429])
def prove_number(request: HttpRequest, body: ProofIn) -> ProofOut:
    """Prove a number with the code, which is used up by it."""
    proof = prove_phone(body.phone, body.purpose, body.code, address=visitor_address(request))
    return ProofOut(proof=proof.text, good_for=int(PROOF_LIFE.total_seconds()))


@operation(
    router,
    "POST",
    "/tokens/by-number",
    need="nobody",
    answer=NumberTokenOut,
    status=201,
    refuses=[401, 409, 429],
)
def sign_in_by_number(request: HttpRequest, body: NumberSignInIn) -> NumberTokenOut:
    """Sign in with a proven number; it gets an account if it has none."""
    proof = read_proof(body.proof, CodePurpose.SIGN_IN)
    owner: Person | None = None
    if body.password:
        owner = check_sign_in(proof.phone, body.password, address=visitor_address(request))
    person = open_account(proof, sure=lambda one: one == owner, anew=body.anew)
    check_second_step(person.id, body.second)
    return NumberTokenOut(person_id=person.id, token=issue_token(person))


@operation(router, "POST", "/me/number", need="person", answer=None, status=204, refuses=[401, 403, 409])
def claim_number(request: Call, body: ClaimIn) -> None:
    """Turn the guest that this token speaks for into an account with this number.

    Its cart and orders stay. An account that has a way in already changes it on the pages.
    """
    if not is_guest(request.auth.id):
        raise NotAllowed()
    bind_number(request.auth.id, read_proof(body.proof, CodePurpose.NUMBER))
