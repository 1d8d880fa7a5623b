"""Private files handed out by the kit's helper, and pages around them; `files` is filled by the test."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path

from tests.foundation.attachments.rows import Enclosure
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.foundation.attachments import Kept

files: dict[str, Kept] = {}
asked: list[str] = []  # the ranges that a browser asked for


def row(kept: Kept) -> Enclosure:
    return Enclosure(merchant_id=uuid4(), case=uuid4(), **kept.columns(1))


def served(request: HttpRequest, name: str) -> HttpResponseBase:
    asked.append(request.headers.get("Range", ""))
    return serve_attachment(row(files[name]), request)


def claimed(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same, said to be a page; the helper's other headers stay."""
    answer = served(request, name)
    answer["Content-Type"] = "text/html"
    return answer


def careless(request: HttpRequest, name: str) -> HttpResponseBase:
    """As it would be without the helper's policy."""
    answer = claimed(request, name)
    answer["Content-Security-Policy"] = "default-src * 'unsafe-inline'"
    return answer


def around(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(f'<video src="/served/{name}" controls preload="none" muted></video>')


urlpatterns = [
    path("served/<str:name>", served),
    path("claimed/<str:name>", claimed),
    path("careless/<str:name>", careless),
    path("around/<str:name>", around),
    path("_kitchen/", include("tongdao.faces.kit.urls")),
]
