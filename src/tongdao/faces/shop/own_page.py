"""Forms of pages that all visitors share carry no secret: the browser says where they come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

P = ParamSpec("P")


def from_own_page(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Refuse what another site sends. Put it outermost.

    Every browser of the last years names the origin of a form that it sends, and no page can forge that name.
    Without one the form's own secret is asked for, as everywhere else.
    """
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def handle(*args: P.args, **values: P.kwargs) -> HttpResponse:
        request = args[0]
        assert isinstance(request, HttpRequest)
        return (view if _is_own(request) else guarded)(*args, **values)

    return handle


def _is_own(request: HttpRequest) -> bool:
    """By Origin where there is one; else by what the browser tells of the sender's site."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None:
        return origin in (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)
    return request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin"
