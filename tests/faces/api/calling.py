"""Calling the API as a program does, and worlds to call it in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from socketserver import ThreadingMixIn
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.support.builders import WEST_LAKE, Shop, make_shop
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox
from tongdao.faces.api.lane import FastLane
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest, issue_token
from tongdao.trade.payments.models import PaymentAttempt

NOBODYS_ID = UUID(int=0)
ADDRESS = {
    "recipient": "林小满",
    "phone": "13812345678",
    "detail": "文三路 90 号 2 单元 501",
    "division_code": WEST_LAKE,
}
SENDER = {"name": "山间茶舍", "phone": "13912345678", "address": "浙江省杭州市西湖区龙井路 1 号"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.body["code"])


@dataclass(frozen=True)
class Caller:
    """One client: `caller("POST", "/guests")`. Without a token it is nobody."""

    token: str = ""
    person_id: UUID = NOBODYS_ID

    def __call__(self, verb: str, path: str, body: object = None, **headers: str) -> Answer:
        data, kind = _encoded(body)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = Client().generic(verb, f"/api/v1{path}", data, content_type=kind, headers=headers)
        content = b"".join(answer) if answer.streaming else answer.content
        is_json = answer.headers.get("Content-Type", "").partition(";")[0].endswith("json")
        shown = json.loads(content) if content and is_json else content or None
        return Answer(answer.status_code, shown, dict(answer.headers))

    def get(self, path: str, status: int = 200) -> Any:
        return self._must(status, "GET", path)

    def post(self, path: str, body: object = None, status: int = 200, **headers: str) -> Any:
        return self._must(status, "POST", path, body, **headers)

    def _must(self, status: int, verb: str, path: str, body: object = None, **headers: str) -> Any:
        answer = self(verb, path, body, **headers)
        assert answer.status == status, answer
        return answer.body


@dataclass(frozen=True)
class Form:
    """A body with a file."""

    fields: dict[str, Any]


def _encoded(body: object) -> tuple[bytes, str]:
    if isinstance(body, Form):
        return encode_multipart(BOUNDARY, body.fields), MULTIPART_CONTENT
    if isinstance(body, bytes):
        return body, "application/json"
    return (b"" if body is None else json.dumps(body).encode()), "application/json"


def a_file(text: str, **fields: str) -> Form:
    file = SimpleUploadedFile("goods.csv", text.encode(), "text/csv")
    return Form({"file": file, "currency": "CNY", **fields})


def caller_for(person: Person) -> Caller:
    return Caller(issue_token(person), person.id)


def a_guest() -> Caller:
    return caller_for(create_guest())


def a_key() -> str:
    return f"key-{token(20)}"


@dataclass
class World:
    """A shop, one member of staff for each role, and a buyer."""

    shop: Shop
    staff: dict[Role, Caller]
    buyer: Caller = field(default_factory=a_guest)

    @property
    def desk(self) -> str:
        return f"/merchants/{self.shop.merchant_id}"

    @property
    def store(self) -> str:
        return f"/stores/{self.shop.slug}"

    @property
    def owner(self) -> Caller:
        return self.staff[Role.OWNER]

    def wish(self, quantity: int = 1, **more: object) -> dict[str, object]:
        line = {"sku_id": str(self.shop.skus[0]), "quantity": quantity}
        return {"lines": [line], "address": ADDRESS, **more}

    def buy(self, quantity: int = 1, **more: object) -> Any:
        """Place as the buyer; the answer."""
        wish = self.wish(quantity, **more)
        return self.buyer.post(f"{self.store}/purchases", wish, 201, **{"Idempotency-Key": a_key()})


def make_world(prices: tuple[int, ...] = (12_800, 990), *, stock: int = 1_000) -> World:
    shop = make_shop(prices, stock=stock)
    staff = {Role.OWNER: caller_for(Person.objects.get(pk=shop.owner_id))}
    for role in Role:
        if role != Role.OWNER:
            person = create_guest()
            with merchant_scope(shop.merchant_id):
                add_staff(person.id, role, actor=Actor("staff", shop.owner_id))
            staff[role] = caller_for(person)
    return World(shop, staff)


def wechat_terms(app: dict[str, str]) -> dict[str, object]:
    """An app's papers as the API takes them."""
    return {name: app[name] for name in ("kind", "appid", "secret")}


def payment_account(papers: dict[str, str]) -> dict[str, object]:
    """The sandbox's papers as the API takes them."""
    return {
        "mchid": papers["mchid"],
        "appid": papers["appid"],
        "certificate_serial": papers["cert_serial_no"],
        "private_key": papers["merchant_private_key"],
        "api_v3_key": papers["apiv3_key"],
        "platform_key_id": papers["platform_public_key_id"],
        "platform_public_key": papers["platform_public_key"],
        "fee_bps": 60,
    }


@dataclass(frozen=True)
class Town:
    """The product itself on a port, with the payment and the WeChat sandbox beside it."""

    url: str
    sandbox: PaySandbox
    wechat: WechatSandbox

    def connect(self, world: World) -> None:
        world.owner.post(f"{world.desk}/payment-account", payment_account(self.sandbox.papers), 201)

    def pay(self, world: World, purchase_id: str, product: str = "h5") -> None:
        """Open a payment and pay it; our own address has taken the notification."""
        world.buyer.post(f"/purchases/{purchase_id}/payments", {"product": product})
        self.sandbox.pay(self.open_number(world, purchase_id))

    def open_number(self, world: World, purchase_id: str) -> str:
        """The trade number of the payment that is open."""
        with merchant_scope(world.shop.merchant_id):
            return PaymentAttempt.objects.get(purchase_id=purchase_id, state="open").trade_no


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@contextmanager
def served(*, wechatpay_url: str, carrier_url: str, wechat_url: str = "") -> Iterator[str]:
    """Our own web server on a free port; it is the public address."""
    server: WSGIServer = make_server("127.0.0.1", 0, None, _Server, _Quiet)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    server.set_app(FastLane(get_wsgi_application(), url))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    env = replace(settings.ENV, wechatpay_url=wechatpay_url, carrier_url=carrier_url, wechat_url=wechat_url)
    with override_settings(BASE_URL=url, ENV=env):
        yield url
    server.shutdown()
    server.server_close()
