"""Answering with a composed page: whole, or 304 when the visitor has these bytes already."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response

from tongdao.foundation.fragments.composing import Composed

KEPT_BY_ONE = "private, no-cache"  # a browser may keep it and asks each time whether it still holds
KEPT_BY_ALL = "public, no-cache"
_GZIP = re.compile(r"(?<![\w-])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


class Moved(Exception):
    """What an address led to has changed: look it up anew."""


class SharedResponse(HttpResponse):
    """The whole page, as everybody gets it of whom nothing is known.

    `again` gives it as of now, or raises what the view would raise, or Moved.
    """

    def __init__(
        self, body: bytes, headers: Mapping[str, str], again: Callable[[], Composed] | None = None
    ) -> None:
        super().__init__(body, headers=headers)
        self.again = again


def answer(
    request: HttpRequest,
    page: Composed,
    headers: Mapping[str, str],
    again: Callable[[], Composed] | None = None,
) -> HttpResponse:
    """200 with `headers` and the ETag, or what If-None-Match and If-Match make of it (304, 412)."""
    asked = request.META
    body, tag, told = page.body, page.etag, {**headers}
    if page.packed and _GZIP.search(asked.get("HTTP_ACCEPT_ENCODING", "")):
        body, tag = page.packed, f'{tag[:-1]}-gzip"'  # other bytes, another tag
        told["Content-Encoding"] = "gzip"
    told["ETag"] = tag
    if "HTTP_IF_NONE_MATCH" not in asked and "HTTP_IF_MATCH" not in asked:
        return SharedResponse(body, told, again)
    if asked.get("HTTP_IF_NONE_MATCH") == tag and "HTTP_IF_MATCH" not in asked:
        told = {name: value for name, value in told.items() if not name.startswith("Content-")}
        return HttpResponseNotModified(headers=told)
    response = SharedResponse(body, told, again)
    return get_conditional_response(request, etag=tag, response=response) or response
