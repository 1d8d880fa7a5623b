"""The site: unfold's lists and frame, our door, our pages, and no view that could save a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.sites import UnfoldAdminSite

from tongdao.faces.operator.door import OperatorDoor
from tongdao.faces.operator.entering import entering_urls
from tongdao.faces.operator.frame import frame, refuse
from tongdao.faces.operator.sessions import operator_of
from tongdao.foundation.refusals import NotAllowed, Refusal
from tongdao.party.people.second import has_second_step

View = Callable[..., HttpResponse]


class OperatorSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """Knows no password form, no history, no add, change or delete: only what stands in `get_urls`."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from tongdao.faces.operator.table import page_urls

        lists = [
            path(f"{admin.address}/", include(admin.get_urls()))
            for admin in self._registry.values()
            if isinstance(admin, ModelAdmin) and hasattr(admin, "address")
        ]
        return [*entering_urls(), *page_urls(guarded), *lists]

    def has_permission(self, request: HttpRequest) -> bool:
        here = operator_of(request)
        return here is not None and here.proven

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """For lists and pages alike: an operator who came in by two steps, or the way there."""
        return guarded(view)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), **frame(request)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu is our own (menu.py)."""
        return []


def guarded(view: View, *, acts: bool = False) -> View:
    """`acts`: only for who may act. What is refused is shown as a page that says so."""

    @never_cache
    @csrf_protect
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = operator_of(request)
        if here is None or not here.proven:
            return _way_in(request)
        try:
            if acts and not here.may_act:
                raise NotAllowed()
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refuse(request, refusal)

    return handle


def _way_in(request: HttpRequest) -> HttpResponse:
    """Sign in; or, for who has only one step, set the second one up."""
    door = OperatorDoor(request)
    person = door.person()
    if person is not None and not has_second_step(person.pk):
        return redirect(door.url("authenticator"))
    wanted = request.get_full_path() if request.method == "GET" else ""
    return redirect(door.url("sign_in", wanted=wanted))


site = OperatorSite(name="operator")
