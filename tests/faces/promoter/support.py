"""A shop that is recommended, promoters with a phone each, and buyers who come by their links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from tests.faces.console.support import pay, place_order
from tests.support.builders import AFTER_RETURNS, Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.agreements import version_now
from tongdao.party.network.operations import Consent, join_promoter
from tongdao.party.people.models import Person
from tongdao.party.people.operations import register_person
from tongdao.reach.traffic.operations import create_link, follow_link
from tongdao.rewards.commissions.operations import release_orders
from tongdao.rulebook.network import PROMOTER_AGREEMENT
from tongdao.terms.plans.operations import set_plan
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.operations.completing import complete_order, set_confirm_deadline

BACKEND = "tongdao.party.people.sign_in.IdentityBackend"
PASSWORD = "mountain-tea-2026"
RATE = 1_000  # basis points
PRICE = 12_800  # fen
SHARE = 1_280  # fen: what one piece earns
VERSION = PROMOTER_AGREEMENT.on(clock.today())  # of the house's agreement


@dataclass(frozen=True)
class Earner:
    """A promoter of `shop`. `link` is the token of its link to the store."""

    shop: Shop
    person: Person
    promoter_id: UUID
    link: str

    def phone(self, language: str = "en") -> Client:
        """A browser in which the promoter is signed in."""
        client = Client(headers={"accept-language": language})
        client.force_login(self.person, backend=BACKEND)
        return client

    def url(self, page: str, **parts: object) -> str:
        return reverse(f"promoter:{page}", kwargs={"slug": self.shop.slug, **parts})

    def order(self, units: int = 1) -> UUID:
        """Somebody comes by the link and orders."""
        visitor = uuid4()
        follow_link(self.link, visitor=visitor)
        return place_order(self.shop, units, visitor=visitor)

    def sell(self, units: int = 1) -> UUID:
        """… and pays."""
        order_id = self.order(units)
        pay(self.shop, order_id)
        return order_id

    def receive(self, order_id: UUID) -> None:
        with merchant_scope(self.shop.merchant_id):
            set_confirm_deadline(order_id, clock.now() + timedelta(days=10))
            complete_order(order_id, actor=SYSTEM)

    def complete(self, order_id: UUID) -> None:
        """The buyer has it, and can no longer give it back."""
        self.receive(order_id)
        assert release(self.shop, order_id) == 1

    def cancel(self, order_id: UUID) -> None:
        with merchant_scope(self.shop.merchant_id):
            cancel_order(order_id, reason="other", actor=SYSTEM)


def release(shop: Shop, *order_ids: UUID) -> int:
    """So long after receipt that nothing can be given back; how many of the orders are released."""
    with merchant_scope(shop.merchant_id):
        return release_orders(order_ids, clock.now() + AFTER_RETURNS, actor=SYSTEM)


def make_promoted_shop(stock: int = 100) -> Shop:
    """It pays 10 % of what the buyer pays."""
    shop = make_shop((PRICE,), stock=stock)
    with merchant_scope(shop.merchant_id):
        set_plan(RATE, actor=shop.owner)
    return shop


def make_earner(shop: Shop, *, name: str = "小禾", agreed: bool = True) -> Earner:
    person = register_person(sign_in_name=f"{token(12)}@example.com", password=PASSWORD, shown_name=name)
    actor = Actor("person", person.id)
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(
            person.id, shown_name=name, actor=actor, consent=Consent(version_now(), True) if agreed else None
        )
        link = create_link(channel="moments", promoter_id=promoter.id, actor=actor)
    return Earner(shop, person, promoter.id, link.token)
