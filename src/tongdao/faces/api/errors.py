"""One shape for every refusal, whoever refuses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tongdao.faces.api.refusals import (
    Busy,
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    RequestTooLarge,
    SignInNeeded,
)
from tongdao.foundation.events import request_id
from tongdao.foundation.refusals import BadInput, NotFound, Refusal
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused
from tongdao.trade.payments.refusals import PaymentUnavailable

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
LONGEST_PLACE = 80  # characters of the name of a wrong field that an answer repeats

# What may come up on the way, and the refusal that it means.
MEANINGS: Mapping[type[Exception], type[Refusal]] = {
    AuthenticationError: SignInNeeded,
    HttpError: MalformedRequest,
    SuspiciousOperation: MalformedRequest,
    MultiPartParserError: MalformedRequest,
    UnreadablePostError: MalformedRequest,
    TooManyFieldsSent: MalformedRequest,
    TooManyFilesSent: MalformedRequest,
    RequestDataTooBig: RequestTooLarge,
    Http404: NotFound,
    OperationalError: Busy,
    GatewayDown: PaymentUnavailable,
    GatewayRefused: PaymentUnavailable,
    Exception: InternalError,
}


def problem(refusal: Refusal) -> JsonResponse:
    """The refusal as an answer, in the language of the request."""
    id = request_id.get()
    body: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message,
        "details": dict(refusal.details),
        "request_id": str(id) if id else None,
    }
    answer = JsonResponse(body, status=refusal.status, json_dumps_params={"ensure_ascii": False})
    if "retry_after" in refusal.details:
        answer["Retry-After"] = str(refusal.details["retry_after"])
    if refusal.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def answer_problems(api: NinjaAPI) -> None:
    """Let `api` answer whatever its operations raise in the one shape."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return problem(refusal)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(BadInput(fields=[_field(each) for each in error.errors]))

    for kind, meaning in MEANINGS.items():
        api.add_exception_handler(kind, _meaning(meaning))


def _meaning(meaning: type[Refusal]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(_told(meaning, error, request))

    return answer


def _told(meaning: type[Refusal], error: Exception, request: HttpRequest) -> Refusal:
    if meaning.status >= 500:
        log.error("%s %s", request.method, request.path, exc_info=error)
    return meaning()


def refusal_of(error: Exception, request: HttpRequest) -> Refusal:
    """What an exception means to the one who asked; what is not his fault is logged."""
    if isinstance(error, Refusal):
        return error
    meaning = next(MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS)
    return _told(meaning, error, request)


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    """Where, and what: never the value itself, which may be personal. Keys of a body are the client's own."""
    path = ".".join(str(step) for step in error["loc"] if step != "body")
    place = path.encode("utf-8", "replace").decode().replace("\0", "?")[:LONGEST_PLACE]
    return {"field": place, "problem": str(error["type"])}


def one_shape(view: View) -> View:
    """Give the shape also to what ninja and Django answer by themselves: 405 and the like."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **values)
        except Http404:
            return problem(NotFound())
        if answer.status_code != 405:
            return answer
        shaped = problem(MethodNotAllowed())
        shaped["Allow"] = answer["Allow"]
        return shaped

    return handle


def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Whatever lies under the API and is none of its addresses."""
    return problem(NotFound())
