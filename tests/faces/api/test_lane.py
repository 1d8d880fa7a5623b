"""The fast lane answers as the whole way does; what it does not take goes the whole way."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

from tests.faces.api.calling import ADDRESS, World, a_key, make_world
from tests.faces.console.support import pay
from tests.faces.shop.crowding import a_full_line
from tongdao.faces.api.lane import LARGEST_BODY, FastLane
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.orders.models import Order, OrderLine

DJANGO = get_wsgi_application()
LANE = FastLane(DJANGO, "http://localhost")
PASSING = {"x-request-id", "content-length"}  # differ from answer to answer
WORDS = {"content-language", "vary"}  # of the whole way, also where an answer has no words in it


@dataclass(frozen=True)
class Told:
    status: int
    headers: dict[str, str]
    text: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.text)


def call(app: Any, path: str, body: bytes, method: str = "POST", **headers: str) -> Told:
    """One request, as the web server hands it over."""
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        **headers,
    }
    answer = app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
    text = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    connections.close_all()
    status, pairs = told[0]
    return Told(int(status[:3]), {name.lower(): value for name, value in pairs}, text)


def never(environ: Any, start: Any) -> Any:
    raise AssertionError("it went the whole way")


def only_lane() -> FastLane:
    """A lane that has nothing behind it."""
    lane = FastLane(DJANGO, "http://localhost")
    lane.whole = never
    return lane


def placing(world: World, body: object, key: str = "", **headers: str) -> dict[str, Any]:
    return {
        "path": f"/api/v1{world.store}/purchases",
        "body": body if isinstance(body, bytes) else json.dumps(body).encode(),
        "HTTP_AUTHORIZATION": f"Bearer {world.buyer.token}",
        "HTTP_IDEMPOTENCY_KEY": key or a_key(),
        **headers,
    }


DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z")


def shape(value: Any) -> str:
    """A JSON value with its ids and moments made alike."""
    return DRAWN.sub("…", json.dumps(value, sort_keys=True))


def addressed(world: World, **changed: str) -> dict[str, object]:
    """The wish with another address."""
    return world.wish() | {"address": {**ADDRESS, **changed}}


def written(world: World, old: str, new: bytes) -> dict[str, Any]:
    """The wish with a piece of its text replaced."""
    return placing(world, json.dumps(world.wish()).encode().replace(old.encode(), new))


def standing(told: Told) -> dict[str, str]:
    return {name: value for name, value in told.headers.items() if name not in PASSING}


@pytest.fixture
def both() -> Callable[..., tuple[Told, Told]]:
    """The same request by the lane alone and by Django alone; they must be told the same."""

    def ask(asked: Callable[[], dict[str, Any]]) -> tuple[Told, Told]:
        fast, slow = call(only_lane(), **asked()), call(DJANGO, **asked())
        assert (fast.status, shape(fast.body)) == (slow.status, shape(slow.body))
        return fast, slow

    return ask


def test_a_purchase_is_answered_alike(both: Any) -> None:
    world = make_world()
    fast, slow = both(lambda: placing(world, world.wish()))
    assert fast.status == 201
    assert standing(fast) == {name: value for name, value in standing(slow).items() if name not in WORDS}
    assert int(fast.headers["content-length"]) == len(fast.text)


def test_the_order_is_the_buyers_and_names_its_request() -> None:
    world = make_world()
    told = call(LANE, **placing(world, world.wish(2)))
    with merchant_scope(world.shop.merchant_id):
        order = Order.objects.get(pk=told.body["order_ids"][0])
        event = Event.objects.get(subject_id=order.id, name="order.placed")
    assert (order.person_id, order.total_fen) == (world.buyer.person_id, told.body["total_fen"])
    assert str(event.request_id) == told.headers["x-request-id"]


def test_a_repeated_key_gives_the_first_answer() -> None:
    world, key = make_world(), a_key()
    first, again = (call(only_lane(), **placing(world, world.wish(), key)) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert shape(first.body) == shape(again.body) and first.body["purchase_id"] == again.body["purchase_id"]


@pytest.mark.parametrize("language", ["zh-CN", "en", ""])
@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("out_of_stock", lambda w: placing(w, w.wish(900))),
        ("address_invalid", lambda w: placing(w, addressed(w, phone="1"))),
        ("token_invalid", lambda w: placing(w, w.wish(), HTTP_AUTHORIZATION="Bearer td_made-up")),
        ("not_found", lambda w: placing(w, w.wish()) | {"path": "/api/v1/stores/no-such-store/purchases"}),
        ("not_saleable", lambda w: placing(w, {**w.wish(), "lines": [{"sku_id": "0" * 32, "quantity": 1}]})),
    ],
)
def test_a_refusal_is_told_alike(both: Any, code: str, change: Any, language: str) -> None:
    world = make_world(stock=5)
    fast, slow = both(lambda: change(world) | {"HTTP_ACCEPT_LANGUAGE": language})
    assert fast.body["code"] == code
    assert standing(fast) == standing(slow)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: placing(w, b"{"),
        lambda w: placing(w, b""),
        lambda w: placing(w, {**w.wish(), "price_fen": 1}),
        lambda w: placing(w, {**w.wish(), "lines": []}),
        lambda w: written(w, '"quantity": 1', b'"quantity": NaN'),
        lambda w: written(w, "\\u6797", b"\\ud800"),
        lambda w: placing(w, w.wish(), "short"),
        lambda w: placing(w, w.wish(), HTTP_AUTHORIZATION=""),
        lambda w: placing(w, w.wish(), HTTP_AUTHORIZATION="Basic eDp5"),
        lambda w: placing(w, w.wish(), HTTP_HOST="somebody.else"),
        lambda w: placing(w, w.wish(), CONTENT_LENGTH="x"),
        lambda w: placing(w, w.wish(codes=["GUESSED"])),
        lambda w: placing(w, {**w.wish(), "pad": "x" * LARGEST_BODY}),
        lambda w: placing(w, w.wish()) | {"method": "PUT"},
    ],
)
def test_what_is_not_well_formed_is_answered_by_the_whole_way(change: Any) -> None:
    world = make_world()
    asked = change(world)
    with pytest.raises(AssertionError, match="the whole way"):
        call(only_lane(), **asked)
    fast, slow = call(LANE, **asked), call(DJANGO, **asked)
    assert fast.status == slow.status >= 400
    assert standing(fast) == standing(slow)
    with merchant_scope(world.shop.merchant_id):
        assert not Order.objects.exists()


def test_a_full_line_is_told_at_once_and_when_to_come_again() -> None:
    world = make_world()
    with a_full_line(world.shop):
        told = call(only_lane(), **placing(world, world.wish()))
    assert (told.status, told.body["code"]) == (503, "queue_full")
    assert int(told.headers["retry-after"]) >= 1


@pytest.mark.parametrize("token", ["no-such-address", "%00", "x" * 500])
def test_a_notification_to_nobody(both: Any, token: str) -> None:
    fast, slow = both(lambda: {"path": f"/callbacks/wechat/{token}", "body": b"{}"})
    assert fast.status == 404
    assert standing(fast) == {name: value for name, value in standing(slow).items() if name not in WORDS}


def test_no_connection_is_kept_after_a_refusal() -> None:
    world = make_world()
    call_only = only_lane()
    asked = placing(world, world.wish()) | {"path": "/api/v1/stores/no-such-store/purchases"}
    body = asked.pop("body")
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": asked["path"], "HTTP_HOST": "localhost"}
    environ |= {"CONTENT_LENGTH": str(len(body)), "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ |= {key: value for key, value in asked.items() if key.startswith("HTTP_")}
    connections.close_all()
    list(call_only(environ | {"wsgi.input": io.BytesIO(body)}, lambda *_: None))
    assert connection.connection is None


def test_other_addresses_go_the_whole_way() -> None:
    assert call(LANE, "/healthz", b"", "GET").text == b"ok"
    assert call(LANE, "/api/v1/stores/UPPER/purchases", b"{}").status in (401, 404, 422)


def refunding(world: World, order_id: str, body: object, token: str = "") -> dict[str, Any]:
    return {
        "path": f"/api/v1{world.desk}/orders/{order_id}/refunds",
        "body": body if isinstance(body, bytes) else json.dumps(body).encode(),
        "HTTP_AUTHORIZATION": f"Bearer {token or world.owner.token}",
    }


def test_a_refund_is_answered_alike(both: Any) -> None:
    world = make_world()
    bought = [world.buy(2)["order_ids"][0] for _ in range(2)]
    for order_id in bought:
        pay(world.shop, UUID(order_id))
    orders = iter(bought)

    def asked() -> dict[str, Any]:
        order_id = next(orders)
        with merchant_scope(world.shop.merchant_id):
            line = str(OrderLine.objects.get(order_id=order_id).id)
        wish = {"lines": [{"line_id": line, "quantity": 1}], "reason": "quality"}
        return refunding(world, order_id, wish)

    fast, slow = both(asked)
    assert fast.status == 201
    assert fast.body["refund"]["amount_fen"] == slow.body["refund"]["amount_fen"] > 0
    assert standing(fast) == {name: value for name, value in standing(slow).items() if name not in WORDS}
    with merchant_scope(world.shop.merchant_id):
        told = {str(row.request_id) for row in Event.objects.filter(name="after_sale.opened")}
        assert told == {fast.headers["x-request-id"], slow.headers["x-request-id"]}


def test_a_refund_is_refused_alike(both: Any) -> None:
    world = make_world()
    order_id = world.buy(2)["order_ids"][0]
    wish = {"lines": [{"line_id": order_id, "quantity": 1}], "reason": "quality"}
    for token in (world.owner.token, world.staff[Role.READ_ONLY].token, world.buyer.token, "td_nobody"):
        both(lambda token=token: refunding(world, order_id, wish, token))


def test_what_is_no_refund_goes_the_whole_way() -> None:
    world = make_world()
    order_id = world.buy(2)["order_ids"][0]
    assert call(LANE, **refunding(world, order_id, b"{")).status == 400
    assert call(LANE, **refunding(world, order_id, {"lines": []})).status == 422
    bare = refunding(world, order_id, {}) | {"HTTP_AUTHORIZATION": "Basic eA=="}
    assert call(LANE, **bare).status == 401
