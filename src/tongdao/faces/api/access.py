"""Who asks: bearer tokens, and what belongs to the person behind one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from tongdao.foundation import directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.committing import GroupCommit
from tongdao.foundation.fragments import Fragments
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import TenantModel, person_scope
from tongdao.party.people.models import Person
from tongdao.party.people.operations import persons_of_tokens
from tongdao.party.people.refusals import TokenInvalid

LONGEST_TOKEN = 200
Row = TypeVar("Row", bound=TenantModel)


class Call(HttpRequest):
    """A request whose token named a person."""

    auth: Person


def _persons(_: UUID, texts: Sequence[str]) -> Sequence[Person | TokenInvalid]:
    return persons_of_tokens(texts)


tokens: GroupCommit[str, Person] = GroupCommit("tokens", _persons, total=10_000, depth=10_000)
"""Tokens are read for many requests at once: in a rush each comes with another one."""
EVERYBODY = UUID(int=0)  # tokens belong to no merchant


class Bearer(HttpBearer):
    """Raises TokenInvalid for a token that is no longer or never was one.

    `later`: for an operation that has the token looked up itself, with those of others; it gets the text.
    """

    def __init__(self, *, later: bool = False) -> None:
        super().__init__()
        self.later = later

    def authenticate(self, request: HttpRequest, token: str) -> Person | str:
        return token if self.later else tokens.submit(EVERYBODY, known_length(token))


BEARER, LATER_BEARER = Bearer(), Bearer(later=True)
STORES: Fragments[directory.Found] = Fragments(most_bytes=2**20, size=lambda found: 100)


def token_of(request: HttpRequest) -> str:
    """The token that the request came with."""
    return request.headers["Authorization"].partition(" ")[2]


def known_length(token: str) -> str:
    """Something that can be looked up, whatever was sent."""
    return token[:LONGEST_TOKEN].encode("utf-8", "replace").decode()


def as_staff(request: Call) -> Actor:
    return Actor("staff", request.auth.id)


def as_person(request: Call) -> Actor:
    return Actor("person", request.auth.id)


def merchant_of(model: type[Row], id: UUID, person_id: UUID) -> UUID:
    """The merchant of a row that this person owns; raises NotFound for anybody else's."""
    with person_scope(person_id):
        row = model.objects.filter(pk=id).only("id", "merchant_id").first()
    if row is None:
        raise NotFound()
    return row.merchant_id


def store_of(slug: str) -> directory.Found:
    """(merchant, storefront) of a store's path, as it was less than a second ago; raises NotFound."""
    return STORES.get(slug, lambda: str(_storefront(slug)), lambda: _storefront(slug))


def _storefront(slug: str) -> directory.Found:
    found = directory.lookup("storefront", slug)
    if found is None:
        raise NotFound()
    return found
