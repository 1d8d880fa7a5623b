"""The fast lane: the requests of a rush, placing and the payment channel's notification, and refunds, which
come by the thousand when a whole delivery was bad.

They are answered before Django is asked. Session, sign-in, languages, forms and addresses of pages are
nothing to them, and cost three times what they do themselves (docs/algorithms/checkout.md). The lane takes
only what is well formed; all else goes the whole way, where it is said what is wrong. Both ways end in the
same function.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from uuid import UUID
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpHeaders, HttpResponseBase
from django.utils import translation
from ninja.responses import NinjaJSONEncoder
from pydantic import ValidationError

from tongdao.faces.api.access import EVERYBODY, known_length, tokens
from tongdao.faces.api.callbacks import wechat_answer
from tongdao.faces.api.desk import GiveBackIn, given_back
from tongdao.faces.api.errors import problem, refusal_of
from tongdao.faces.api.purchases import KEY_PATTERN, PurchaseIn, place_wish
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import request_id
from tongdao.foundation.hosts import is_own_host
from tongdao.foundation.ids import uuid7

Header = tuple[str, str]
Answer = tuple[int, bytes, Sequence[Header]]
Lane = Callable[[WSGIEnvironment, Sequence[str], bytes], Answer | None]

LARGEST_BODY = 65_536  # bytes; larger ones go the whole way, which has limits of its own
JSON: Header = ("Content-Type", "application/json; charset=utf-8")
PLAIN_JSON: Header = ("Content-Type", "application/json")
OWN_HEADERS = {"content-type", "content-length", "content-language", "vary", "x-request-id"}
KEY = re.compile(KEY_PATTERN)
ENCODER = msgspec.json.Encoder(enc_hook=NinjaJSONEncoder().default)


def purchase(environ: WSGIEnvironment, names: Sequence[str], body: bytes) -> Answer | None:
    """Place a purchase, as `place_purchase` does."""
    (slug,), token = names, _token(environ)
    key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
    if not token or not (8 <= len(key) <= 64 and KEY.fullmatch(key)):
        return None
    try:
        wish = PurchaseIn.model_validate_json(body)
    except ValidationError:
        return None
    if wish.codes:
        return None  # who types codes is counted there, by name and address
    placed = place_wish(slug, wish, key, token)
    return placed.status_code, ENCODER.encode(placed.value), (JSON,)


def refund(environ: WSGIEnvironment, names: Sequence[str], body: bytes) -> Answer | None:
    """Give money back, as `give_money_back` does."""
    token = _token(environ)
    if not token:
        return None
    try:
        wanted, ids = GiveBackIn.model_validate_json(body), [UUID(name) for name in names]
    except ValueError:
        return None
    person = tokens.submit(EVERYBODY, known_length(token))
    given = given_back(ids[0], ids[1], wanted, Actor("staff", person.id))
    return 201, ENCODER.encode(given), (JSON,)


def _token(environ: WSGIEnvironment) -> str:
    kind, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token if kind == "Bearer" else ""


def notification(environ: WSGIEnvironment, names: Sequence[str], body: bytes) -> Answer | None:
    """Take a notification of the payment channel, as `callbacks.wechat` does."""
    status, said = wechat_answer(names[0], HttpHeaders(environ), body)
    return status, ENCODER.encode(said), (PLAIN_JSON,)


LANES: Sequence[tuple[re.Pattern[str], Lane]] = (
    (re.compile(r"/api/v1/stores/([a-z0-9-]{1,40})/purchases"), purchase),
    (re.compile(r"/api/v1/merchants/([0-9a-f-]{36})/orders/([0-9a-f-]{36})/refunds"), refund),
    (re.compile(r"/callbacks/wechat/([^/]+)"), notification),
)


class FastLane:
    """A WSGI application in front of `whole`, Django's. `base_url` is an address that it serves."""

    def __init__(self, whole: WSGIApplication, base_url: str) -> None:
        self.whole = whole
        self._standing = standing_headers(whole, base_url)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            for pattern, lane in LANES:
                if found := pattern.fullmatch(environ["PATH_INFO"]):
                    return self._take(lane, found.groups(), environ, start)
        return self.whole(environ, start)

    def _take(
        self, lane: Lane, names: Sequence[str], environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        body = _body(environ) if known_host(environ.get("HTTP_HOST", "")) else None
        if body is None:
            return self.whole(environ, start)
        id = uuid7()
        reset = request_id.set(id)
        try:
            answer = _answer(lane, names, environ, body)
        finally:
            request_id.reset(reset)
        if answer is None:
            return self.whole(environ, start)
        status, said, headers = answer
        own = [*headers, ("Content-Length", str(len(said))), ("X-Request-Id", str(id)), *self._standing]
        start(f"{status} {HTTPStatus(status).phrase}", own)
        return [said]


def _answer(lane: Lane, names: Sequence[str], environ: WSGIEnvironment, body: bytes) -> Answer | None:
    try:
        return lane(environ, names, body)
    except Exception as error:  # noqa: BLE001 whatever it is has its answer, as on the whole way
        connections.close_all()  # held by whoever failed on the way
        return _problem(environ, error)


def _problem(environ: WSGIEnvironment, error: Exception) -> Answer:
    request = WSGIRequest(environ)
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = problem(refusal_of(error, request))
    headers = [*response.items(), ("Content-Language", language), ("Vary", "Accept-Language")]
    return response.status_code, response.content, headers


def _body(environ: WSGIEnvironment) -> bytes | None:
    """The body, which stays readable for the whole way; None when it is long or its length not known."""
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and int(length) <= LARGEST_BODY):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body if len(body) == int(length) else None


@lru_cache(maxsize=256)
def known_host(host: str) -> bool:
    """Whether a request for this host is for the platform itself."""
    return is_own_host(host)


def standing_headers(whole: WSGIApplication, base_url: str) -> Sequence[Header]:
    """The headers that Django's middleware gives each answer, learned from one: no second list of them."""
    scheme, _, host = base_url.partition("://")
    told: list[Header] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "HTTP_HOST": host.rstrip("/"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
    }

    def start(status: str, headers: list[Header], exc_info: Any = None, /) -> Callable[[bytes], object]:
        told.extend(headers)
        return io.BytesIO().write

    answer = whole(environ, start)
    if isinstance(answer, HttpResponseBase):
        answer.close()
    return tuple((name, value) for name, value in told if name.lower() not in OWN_HEADERS)
