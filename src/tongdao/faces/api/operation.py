"""One decorator for every operation: its address, its permission as data, its answers."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Status

from tongdao.faces.api.access import BEARER, LATER_BEARER
from tongdao.faces.api.shapes import Problem
from tongdao.foundation.attachments.kinds import ENDINGS
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.permissions import Permission, rights_of

Need = Literal["nobody", "person"] | Permission
"""Who may: anybody, whoever has a token (then only what is its own), or staff with a permission."""

View = TypeVar("View", bound=Callable[..., Any])
PERMISSIONS: dict[str, Need] = {}
"""What each operation needs, by operation_id."""

_BODIES = ("POST", "PUT", "PATCH")
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"content": dict.fromkeys(("application/octet-stream", *ENDINGS), _BINARY)}


def operation(
    router: Router,
    verb: str,
    path: str,
    *,
    need: Need,
    answer: Any,
    status: int = 200,
    also: Iterable[int] = (),
    refuses: Iterable[int] = (),
    inside: bool = True,
    later: bool = False,
) -> Callable[[View], View]:
    """Offer the decorated function; its name is the operation_id, its docstring the description.

    `status` is that of success, `also` are further ones with the same answer, `refuses` what is refused
    beyond the usual. An operation of staff takes `merchant_id` and runs in its scope, unless `inside` is
    False: then only the permission is checked in a scope, and the function opens its own. `later`: the
    function has the token looked up itself (trade.orders.queue). An answer of `bytes` is a file: an
    export, or what somebody sent along.
    """

    def register(view: View) -> View:
        name = view.__name__
        if name in PERMISSIONS:
            raise TypeError(f"two operations are called {name}")
        PERMISSIONS[name] = need
        errors = {405, 422, 503, *refuses, *_usual(verb, need)}
        shape = None if answer is bytes else answer
        router.api_operation(
            [verb],
            path,
            operation_id=name,
            summary=(view.__doc__ or name).strip().splitlines()[0].rstrip("."),
            auth=None if need == "nobody" else LATER_BEARER if later else BEARER,
            response={**dict.fromkeys((status, *also), shape), frozenset(errors): Problem},
            openapi_extra={"responses": {status: _FILE}} if answer is bytes else None,
        )(_with_status(_guarded(view, need, inside), status))
        return view

    return register


def _usual(verb: str, need: Need) -> set[int]:
    body = {400, 413} if verb in _BODIES else set()
    signed_in = set() if need == "nobody" else {401}
    staff = set() if need in ("nobody", "person") else {403, 404}
    return body | signed_in | staff


def _with_status(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    @wraps(view)
    def answered(request: HttpRequest, **values: Any) -> Any:
        result = view(request, **values)
        return result if isinstance(result, Status | HttpResponseBase) else Status(status, result)

    return answered


def _guarded(view: Callable[..., Any], need: Need, inside: bool) -> Callable[..., Any]:
    """Staff only, and of this merchant: to all others the merchant does not exist."""
    if need == "nobody" or need == "person":
        return view
    permission: Permission = need

    @wraps(view)
    def guarded(request: HttpRequest, *, merchant_id: UUID, **values: Any) -> Any:
        with merchant_scope(merchant_id):
            _check(request, permission)
            if inside:
                return view(request, merchant_id=merchant_id, **values)
        return view(request, merchant_id=merchant_id, **values)

    return guarded


def _check(request: Any, permission: Permission) -> None:
    rights = rights_of(request.auth.id)
    if rights is None:
        raise NotFound()
    if permission not in rights.permissions:
        raise NotAllowed(permission=permission)
