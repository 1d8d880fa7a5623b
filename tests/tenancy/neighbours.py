"""Merchants with something of every kind, the addresses of the product, and a watch over a merchant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.faces.api.calling import Caller, Town
from tests.faces.api.examples import Examples, make_examples
from tests.support.signing import at_desk
from tests.tenancy.catalogue import tenant_models
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.party.network.models import Promoter
from tongdao.party.people.models import Person
from tongdao.party.people.operations import register_person
from tongdao.reach.traffic.models import ShareLink
from tongdao.trade.notes.models import OrderNote

NUMBERS = {"order": "number", "payment_attempt": "trade_no", "refund": "refund_no", "parcel": "waybill_no"}
OFFERED = {"promotion", "review"}  # visitors are told of them by their ids
BACKEND = "tongdao.party.people.sign_in.IdentityBackend"
Admin = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Address:
    """One URL: its name (or its route, where it has none) and its route."""

    name: str
    route: str

    @property
    def names(self) -> list[str]:
        """The parameters that it takes."""
        return [part.split(">")[0].split(":")[-1] for part in self.route.split("<")[1:]]

    def path(self, ids: dict[str, str]) -> str:
        found = self.route
        for part in self.route.split("<")[1:]:
            hole = part.split(">")[0]
            found = found.replace(f"<{hole}>", ids[hole.split(":")[-1]])
        return "/" + found


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: Any, route: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}" if pattern.name and space else here, here)
        elif isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)


@dataclass
class Neighbour:
    """A merchant in full: `examples` has its callers, `browser` its owner's, `buyer` its buyer's."""

    examples: Examples
    ids: dict[str, str]
    owner: Person

    @property
    def merchant_id(self) -> UUID:
        return self.examples.world.shop.merchant_id

    @property
    def caller(self) -> Caller:
        return self.examples.world.owner

    def desk(self) -> Client:
        """A browser in which the owner is signed in to the console."""
        return at_desk(_signed_in(self.owner))

    def buyer(self) -> Client:
        return _signed_in(Person.objects.get(pk=self.examples.world.buyer.person_id))


def _signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def make_neighbour(town: Town) -> Neighbour:
    examples = make_examples(town)
    shop = examples.world.shop
    owner = register_person(sign_in_name=f"{token(12)}@example.com", password=token(20), shown_name="掌柜")
    with merchant_scope(shop.merchant_id):
        add_staff(owner.id, Role.OWNER, actor=shop.owner)
        more = {
            "link_id": str(ShareLink.objects.values_list("id", flat=True)[0]),
            "note_id": str(OrderNote.objects.values_list("id", flat=True)[0]),
            "promoter_id": str(Promoter.objects.values_list("id", flat=True)[0]),
        }
    ids = (
        examples.ids
        | more
        | {"run_id": examples.ids["import_id"], "path": "nothing.svg", "rest": "nothing"}
        | {"text": "about-us", "colour": "2f6f5e"}
    )
    return Neighbour(examples, ids, owner)


class Watch:
    """Sees as the superuser what a merchant has: what nobody else may read, and whether it has changed."""

    def __init__(self, admin: Admin, merchant_id: UUID) -> None:
        self.admin, self.merchant_id = admin, merchant_id

    def secrets(self) -> set[str]:
        """Ids of all rows but those that are public, and the numbers of orders, payments and waybills."""
        private = [
            model
            for model in tenant_models()
            if model.tenant_rules.node != "shared" and model._meta.db_table not in OFFERED
        ]
        found = {
            str(id) for model in private for (id,) in self._rows(f'select id from "{model._meta.db_table}"')
        }
        texts = {
            "order": "number",
            "payment_attempt": "trade_no",
            "refund": "refund_no",
            "parcel": "waybill_no",
        }
        for table, column in texts.items():
            found |= {text for (text,) in self._rows(f'select {column} from "{table}"') if text}
        return found

    def state(self) -> dict[str, str]:
        """A digest of each table's rows."""
        tables = [model._meta.db_table for model in tenant_models()]
        rows = {table: self._rows(f'select t::text from "{table}" t', "order by 1") for table in tables}
        return {table: hashlib.sha256(repr(found).encode()).hexdigest() for table, found in rows.items()}

    def _rows(self, statement: str, end: str = "") -> list[tuple[Any, ...]]:
        return self.admin.execute(f"{statement} where merchant_id = %s {end}", [self.merchant_id]).fetchall()
