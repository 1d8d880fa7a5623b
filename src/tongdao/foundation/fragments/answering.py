"""Answering with a composed page: whole, or 304 when the visitor has these bytes already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from tongdao.foundation.fragments.composing import Composed

KEPT_BY_ONE = "private, no-cache"  # a browser may keep it and asks each time whether it still holds
KEPT_BY_ALL = "public, no-cache"


def answer(
    request: HttpRequest, page: Composed, *, content_type: str, vary: str = "", public: bool = False
) -> HttpResponse:
    """200 with the body and its ETag, or what If-None-Match and If-Match make of it (304, 412)."""
    response = HttpResponse(page.body, content_type=content_type)
    response["ETag"] = page.etag
    response["Cache-Control"] = KEPT_BY_ALL if public else KEPT_BY_ONE
    if vary:
        response["Vary"] = vary
    if "HTTP_IF_NONE_MATCH" in request.META or "HTTP_IF_MATCH" in request.META:
        return get_conditional_response(request, etag=page.etag, response=response) or response
    return response
