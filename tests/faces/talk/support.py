"""Browsers of the three who talk about one order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.test import Client
from django.urls import reverse

from tests.faces.console.support import Desk
from tests.trade.talk.support import Table, make_table
from tongdao.party.merchants.models import Role
from tongdao.party.people.models import Person

BACKEND = "tongdao.party.people.sign_in.IdentityBackend"


@dataclass(frozen=True)
class Room:
    """A table, and where each of its people reads and writes."""

    table: Table
    desk: Desk

    @property
    def order_id(self) -> UUID:
        return self.table.order_id

    def buyer(self, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(Person.objects.get(pk=self.table.buyer.id), backend=BACKEND)
        return client

    def shop(self, page: str = "talk", **parts: object) -> str:
        kwargs = {"slug": self.table.shop.slug, "order_id": self.order_id, **parts}
        return reverse(f"shop:{page}", kwargs=kwargs)

    def promote(self, page: str = "talk") -> str:
        return self.table.earner.url(page, order_id=self.order_id)

    def console(self, page: str = "talk", **parts: object) -> str:
        return self.desk.url(page, order_id=self.order_id, **parts)

    def clerk(self, role: Role = Role.SERVICE) -> Client:
        return self.desk.client(role)

    @property
    def to_promoter(self) -> str:
        return f"{self.shop()}?with={self.table.earner.promoter_id}"


def make_room() -> Room:
    table = make_table()
    return Room(table, Desk(table.shop))
