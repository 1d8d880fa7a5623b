"""A desk for tests: a shop, people of each role with a password, a browser that is signed in, paid orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.test import Client
from django.urls import reverse

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.signing import at_desk
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import MerchantAccount, Role
from tongdao.party.merchants.operations import add_staff, connect_account
from tongdao.party.merchants.operations.accounts import AccountTerms
from tongdao.party.people.operations import register_person
from tongdao.trade.orders.models import Order, PaymentSchedule
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import capture

PASSWORD = "mountain-tea-2026"


@dataclass
class Desk:
    """A shop and, by role, somebody who works there."""

    shop: Shop
    people: dict[Role, UUID] = field(default_factory=dict)
    names: dict[Role, str] = field(default_factory=dict)

    def url(self, name: str, **parts: object) -> str:
        return reverse(f"console:{name}", kwargs={"merchant_id": self.shop.merchant_id, **parts})

    def client(self, role: Role = Role.OWNER, *, csrf: bool = False) -> Client:
        """A browser in which somebody of this role is signed in."""
        browser = Client(enforce_csrf_checks=csrf)
        if role not in self.people:
            self._hire(role)
        signed = browser.login(username=self.names[role], password=PASSWORD)
        assert signed
        return at_desk(browser)

    def _hire(self, role: Role) -> None:
        name = f"{role.value}-{token(10)}@example.com"
        person = register_person(sign_in_name=name, password=PASSWORD, shown_name=f"{role.value} 同事")
        with merchant_scope(self.shop.merchant_id):
            add_staff(person.id, role, actor=self.shop.owner)
        self.people[role], self.names[role] = person.id, name


def make_desk(prices: tuple[int, ...] = (12_800,), *, stock: int = 10) -> Desk:
    return Desk(make_shop(prices, stock=stock))


def place_order(shop: Shop, quantity: int = 1, **wish: object) -> UUID:
    """An order that waits for its payment."""
    placed = place_one(a_request(shop, quantity, **wish), shop)  # type: ignore[arg-type]  # the builder's own
    return placed.order_ids[0]


def paid_order(shop: Shop, quantity: int = 1, **wish: object) -> UUID:
    """An order that the channel says is paid: as after its notification, without the channel."""
    order_id = place_order(shop, quantity, **wish)
    pay(shop, order_id)
    return order_id


def pay(shop: Shop, order_id: UUID) -> None:
    with merchant_scope(shop.merchant_id):
        order = Order.objects.get(pk=order_id)
        now = clock.now()
        attempt = PaymentAttempt.objects.create(
            schedule=PaymentSchedule.objects.get(purchase_id=order.purchase_id),
            purchase_id=order.purchase_id,
            account=_account(shop),
            trade_no=uuid7().hex,
            product="h5",
            amount_fen=order.total_fen,
            currency=order.currency,
            created_at=now,
            expires_at=now + timedelta(hours=1),
            check_at=now + timedelta(hours=1),
        )
    with merchant_scope(shop.merchant_id):
        notice = PaidNotice(attempt.trade_no, "paid", "4200", Fen(order.total_fen), clock.now())
        assert capture(notice, actor=CHANNEL) == "captured"


@cache
def key_pair() -> tuple[str, str]:
    """A private and a public key, PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def _account(shop: Shop) -> MerchantAccount:
    found = MerchantAccount.objects.filter(effective_to__isnull=True).first()
    if found:
        return found
    private, public = key_pair()
    terms = AccountTerms(
        "1900000001", "wx1", "SERIAL", private, "k" * 32, "PUB", public, "http://127.0.0.1:9", 60
    )
    return connect_account(terms, actor=Actor("staff", shop.owner_id))
