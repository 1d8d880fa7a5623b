"""What every page of the face shares: menu, who sits there, messages; and the page that says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongdao.faces.operator.menu import menu
from tongdao.faces.operator.sessions import operator_of
from tongdao.foundation.refusals import Refusal


def frame(request: HttpRequest) -> dict[str, Any]:
    here = operator_of(request)
    return {"operator": here, "menu": menu(request.path)}


def show(
    request: HttpRequest, template: str, title: object, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """One of the operator's templates inside unfold's frame."""
    from tongdao.faces.operator.site import site

    request.current_app = site.name
    shared = {**site.each_context(request), "title": str(title)}
    return render(request, f"operator/{template}.html", {**shared, **context}, status=status)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return show(request, "refused", refusal.message, {}, status=refusal.status)
