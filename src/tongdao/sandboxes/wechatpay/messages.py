"""Requests, answers and routes, apart from the server that carries them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Request:
    """`target` is the path with its query exactly as sent; `headers` ignore case."""

    method: str
    target: str
    headers: Message
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """The path alone, still percent-encoded."""
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters; of a repeated one the last."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """An urlencoded body."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(status: int, value: object) -> Answer:
    """A JSON answer; None is an empty body."""
    body = b"" if value is None else json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8"} if body else {})


@dataclass(frozen=True)
class Route(Generic[Handler]):
    """A method and a path pattern such as `/v3/refunds/{number}`; `name` says what it does."""

    method: str
    pattern: str
    name: str
    handler: Handler

    def match(self, request: Request) -> dict[str, str] | None:
        """The path's parameters, decoded, if this route is meant."""
        expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern)
        found = re.fullmatch(expression, request.path)
        if found is None or request.method != self.method:
            return None
        return {name: unquote(value) for name, value in found.groupdict().items()}


def choose(routes: list[Route[Handler]], request: Request) -> tuple[Route[Handler], dict[str, str]] | None:
    """The route that is meant, with its parameters."""
    for route in routes:
        params = route.match(request)
        if params is not None:
            return route, params
    return None
