"""One shape for every refusal, and no input that a database or a parser chokes on."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.faces.api.calling import ADDRESS, Answer, Caller, World, a_key
from tests.support.builders import make_shop

NOBODY = Caller()


@pytest.fixture(scope="module")
def shop_world(cluster: object) -> World:
    return World(make_shop((500,)), {})


def assert_shape(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.body["code"]) == (status, code)
    assert set(answer.body) == {"code", "message", "details", "request_id"}
    assert answer.body["message"]
    assert str(UUID(answer.body["request_id"])) == answer.headers["X-Request-Id"]
    assert answer.headers["Content-Type"].startswith("application/json")


def test_the_shape_is_the_same_whoever_refuses(shop_world: World) -> None:
    buyer = shop_world.buyer
    assert_shape(NOBODY("GET", "/me"), 401, "sign_in_needed")
    assert_shape(Caller("td_nothing")("GET", "/me"), 401, "token_invalid")
    assert_shape(NOBODY("GET", "/stores/no-such-shop"), 404, "not_found")
    assert_shape(NOBODY("GET", "/no/such/address"), 404, "not_found")
    assert_shape(NOBODY("GET", "/"), 404, "not_found")
    assert_shape(NOBODY("PUT", "/guests"), 405, "method_not_allowed")
    assert_shape(NOBODY("POST", "/tokens", b"{"), 400, "malformed_request")
    assert_shape(NOBODY("POST", "/tokens", b"\xff\xfe"), 400, "malformed_request")
    assert_shape(NOBODY("POST", "/tokens", b'{"sign_in_name": NaN}'), 400, "malformed_request")
    assert_shape(NOBODY("POST", "/tokens", b"[" * 100_000), 400, "malformed_request")
    assert_shape(NOBODY("POST", "/tokens", b" " * 3_000_000), 413, "request_too_large")
    assert_shape(NOBODY("POST", "/tokens", {"sign_in_name": "x"}), 422, "bad_input")
    assert_shape(buyer("GET", "/orders/not-an-id"), 422, "bad_input")
    wish = shop_world.wish()
    assert_shape(buyer("POST", f"{shop_world.store}/purchases", wish), 422, "bad_input")


def test_a_wrong_method_says_which_are_right() -> None:
    assert NOBODY("PUT", "/guests").headers["Allow"] == "POST"
    assert NOBODY("GET", "/me").headers["WWW-Authenticate"] == "Bearer"


def test_wrong_fields_are_named_and_their_values_not_repeated() -> None:
    answer = NOBODY(
        "POST", "/persons", {"sign_in_name": 17, "pass": "hush-hush-secret", "password": "x" * 200}
    )
    named = {each["field"]: each["problem"] for each in answer.body["details"]["fields"]}
    assert named == {
        "sign_in_name": "string_type",
        "password": "string_too_long",
        "pass": "extra_forbidden",
    }
    assert "hush" not in json.dumps(answer.body)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "This address does not know this method."), ("zh-CN", "这个地址不支持该请求方法。")],
)
def test_messages_are_in_the_language_of_the_request(language: str, text: str) -> None:
    answer = NOBODY("PUT", "/guests", **{"Accept-Language": language})
    assert answer.body["message"] == text
    assert answer.headers["Content-Language"].lower().startswith(language[:2])


BAD_TEXTS = [
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udfff!"',
    '"\\u0007"',
    f'"{"x" * 5_000}"',
    "17",
    "null",
    "[]",
    "1e400",
]


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_texts_that_no_column_holds_are_refused(shop_world: World, text: str) -> None:
    for field in ADDRESS:
        address = json.dumps(ADDRESS | {field: "HERE"}).replace('"HERE"', text)
        line = json.dumps(shop_world.wish()["lines"])
        body = f'{{"lines": {line}, "address": {address}}}'.encode()
        answer = shop_world.buyer(
            "POST", f"{shop_world.store}/purchases", body, **{"Idempotency-Key": a_key()}
        )
        assert answer.status in (400, 422), answer


BAD_NUMBERS = [
    "0",
    "-1",
    "1000",
    str(2**31),
    str(2**63),
    "1" * 400,
    "1.5",
    "1.0",
    '"1"',
    "true",
    "null",
    "1e300",
]


@pytest.mark.parametrize("number", [*BAD_NUMBERS, "1" * 5_000])
def test_quantities_are_whole_numbers_in_range(shop_world: World, number: str) -> None:
    sku = shop_world.shop.skus[0]
    body = f'{{"lines": [{{"sku_id": "{sku}", "quantity": {number}}}]}}'.encode()
    answer = shop_world.buyer("POST", f"{shop_world.store}/quotes", body)
    assert answer.status in (400, 422), answer


@pytest.mark.parametrize("sent", ["price_fen", "paid_fen", "total_fen", "discount_fen"])
def test_a_client_sends_no_price(shop_world: World, sent: str) -> None:
    wish = shop_world.wish()
    lines: Any = wish["lines"]
    lines[0][sent] = 1
    answer = shop_world.buyer("POST", f"{shop_world.store}/purchases", wish, **{"Idempotency-Key": a_key()})
    assert_shape(answer, 422, "bad_input")


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 65, "has space", "--------", "key-\u00e9\u00e9\u00e9\u00e9\u00e9"]
)
def test_request_keys_have_a_form(shop_world: World, key: str) -> None:
    answer = shop_world.buyer(
        "POST", f"{shop_world.store}/purchases", shop_world.wish(), **{"Idempotency-Key": key}
    )
    assert_shape(answer, 422, "bad_input")


@pytest.mark.parametrize(
    "path",
    [
        "/stores/%00",
        "/stores/%ED%A0%80",
        "/stores/x%00y/products",
        "/orders?limit=99999999999999999999",
        "/orders?offset=-1",
        "/orders?limit=1e3",
        "/divisions?parent=%00",
        "/divisions?parent=%FF",
        "/divisions?parent=330106x",
        "/orders/00000000-0000-0000-0000-00000000000%00",
    ],
)
def test_addresses_that_make_no_sense_are_refused(shop_world: World, path: str) -> None:
    assert shop_world.buyer("GET", path).status in (404, 422)


def test_strange_handles_are_only_not_found(shop_world: World) -> None:
    for handle in ("%00", "a%2Fb", "%ED%A0%80", "x" * 2_000, "%F0%9F%8D%B5", ".."):
        assert NOBODY("GET", f"{shop_world.store}/products/{handle}").status in (404, 422)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic abc", "Bearer " + "x" * 9_000, "Bearer \u00ff\u00fe", "bearer td_x y"],
)
def test_strange_tokens_open_nothing(header: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401


def test_script_comes_back_as_text(shop_world: World) -> None:
    script = "<script>alert(1)</script>"
    wish = shop_world.wish(address=ADDRESS | {"recipient": script, "detail": script})
    placed = shop_world.buyer.post(f"{shop_world.store}/purchases", wish, 201, **{"Idempotency-Key": a_key()})
    answer = shop_world.buyer("GET", f"/orders/{placed['order_ids'][0]}")
    assert answer.body["delivery"]["recipient"] == script
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
