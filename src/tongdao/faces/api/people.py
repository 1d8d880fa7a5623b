"""Persons and their access tokens."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, token_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.foundation.throttling import take
from tongdao.party.merchants.models import Merchant, StaffMember, Storefront
from tongdao.party.people import limits
from tongdao.party.people.models import IdentityKind, Person
from tongdao.party.people.operations import (
    check_sign_in,
    create_guest,
    issue_token,
    read_sign_in_name,
    register_person,
    revoke_token,
)
from tongdao.party.people.refusals import PhoneNeedsCode
from tongdao.party.people.second import check_second_step
from tongdao.party.people.visitors import visitor_address

router = Router(tags=["people"])
MOST_MERCHANTS = 50


class SignInIn(Input):
    sign_in_name: Text = Field(max_length=254, description="E-mail address or mainland mobile number")
    password: Text = Field(max_length=128)


class TokenIn(SignInIn):
    second: Text = Field("", max_length=20, description="Code of the authenticator app, where one is set up")


class PersonIn(SignInIn):
    shown_name: Text | None = Field(None, min_length=1, max_length=40)


class TokenOut(Schema):
    """The token is shown this once."""

    person_id: UUID
    token: str


class WorkOut(Schema):
    """A merchant for which the person works."""

    merchant_id: UUID
    name: str
    role: str
    stores: list[str] = Field(description="The paths of its storefronts")


class MeOut(Schema):
    person_id: UUID
    shown_name: str | None
    merchants: list[WorkOut]


@operation(router, "POST", "/guests", need="nobody", answer=TokenOut, status=201)
def create_guest_token(request: HttpRequest) -> TokenOut:
    """Begin as a guest.

    A guest is a person of whom nothing is known but this token; it can buy.
    """
    return _token(create_guest())


@operation(router, "POST", "/persons", need="nobody", answer=TokenOut, status=201, refuses=[409, 429])
def register(request: HttpRequest, body: PersonIn) -> TokenOut:
    """Register with an e-mail address and a password.

    Who has a mobile number begins with `POST /codes` instead: a number is proven before it signs anybody in.
    """
    take(limits.REGISTER_BY_ADDRESS, visitor_address(request))
    if read_sign_in_name(body.sign_in_name)[0] == IdentityKind.PHONE:
        raise PhoneNeedsCode()
    person = register_person(
        sign_in_name=body.sign_in_name, password=body.password, shown_name=body.shown_name
    )
    return _token(person)


@operation(router, "POST", "/tokens", need="nobody", answer=TokenOut, status=201, refuses=[401, 429])
def sign_in(request: HttpRequest, body: TokenIn) -> TokenOut:
    """Sign in."""
    person = check_sign_in(body.sign_in_name, body.password, address=visitor_address(request))
    check_second_step(person.id, body.second)
    return _token(person)


@operation(router, "DELETE", "/tokens/current", need="person", answer=None, status=204)
def sign_out(request: Call) -> None:
    """Sign out: end the token that this request came with."""
    revoke_token(token_of(request))


@operation(router, "GET", "/me", need="person", answer=MeOut)
def read_me(request: Call) -> MeOut:
    """Who I am, and for whom I work."""
    person = request.auth
    with person_scope(person.id):
        rows = StaffMember.objects.filter(left_at__isnull=True).order_by("joined_at", "id")
        work = [(row.merchant_id, row.role) for row in rows[:MOST_MERCHANTS]]
    merchants = [_work(merchant_id, role) for merchant_id, role in work]
    return MeOut(person_id=person.id, shown_name=person.shown_name, merchants=merchants)


def _work(merchant_id: UUID, role: str) -> WorkOut:
    with merchant_scope(merchant_id):
        name = Merchant.objects.values_list("name", flat=True).get(pk=merchant_id)
        slugs = list(Storefront.objects.order_by("created_at").values_list("slug", flat=True))
    return WorkOut(merchant_id=merchant_id, name=name, role=role, stores=slugs)


def _token(person: Person) -> TokenOut:
    return TokenOut(person_id=person.id, token=issue_token(person))
