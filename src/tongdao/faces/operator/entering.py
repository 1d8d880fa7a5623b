"""Coming in and going out, and the operator's own ways in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.operator.door import OperatorDoor
from tongdao.faces.operator.sessions import operator_of
from tongdao.party.people import entrance
from tongdao.party.people.sign_in import signed_in_lately

Course = Callable[[HttpRequest, OperatorDoor], HttpResponse]


def _page(course: Course) -> Callable[..., HttpResponse]:
    """One page of the course that all faces share (party.people.entrance), at this door."""

    @sensitive_post_parameters("password", "old", "new", "code", "phone")
    @never_cache
    @csrf_protect
    @require_http_methods(["GET", "HEAD", "POST"])
    def handle(request: HttpRequest) -> HttpResponse:
        return course(request, OperatorDoor(request))

    return handle


def _sign_in(request: HttpRequest, door: OperatorDoor) -> HttpResponse:
    """Who is here already goes on; to change a way in, one signs in again."""
    here = operator_of(request)
    if request.method != "POST" and here and here.proven and (signed_in_lately(request) or not door.wanted):
        return redirect(door.wanted or "operator:index")
    return entrance.by_password(request, door)


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The ways into one's account, and where one is signed in."""
    door = OperatorDoor(request)
    person = door.person()
    if person is None:
        return redirect(door.url("sign_in", wanted=request.path))
    here = operator_of(request)
    context = {
        "page_title": _("Sign-in and devices"),
        "security": entrance.security_of(request, person),
        "proven": here is not None and here.proven,
        "password_url": door.url("password"),
        "authenticator_url": door.url("authenticator"),
        "passkeys_url": door.url("passkeys"),
        "end_url": reverse("operator:end_device"),
        "out_url": reverse("operator:sign_out"),
    }
    return render(request, "operator/security.html", context)


@csrf_protect
@require_POST
def end_device(request: HttpRequest) -> HttpResponse:
    return entrance.end(request, OperatorDoor(request))


@csrf_protect
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("operator:sign_in")


def entering_urls() -> list[URLPattern]:
    """Names as the course calls them (entrance.door.Place)."""
    courses: dict[str, tuple[str, Course]] = {
        "sign_in": ("sign-in", _sign_in),
        "code": ("sign-in/code", entrance.by_code),
        "whose": ("sign-in/whose", entrance.whose),
        "second": ("sign-in/second", entrance.second),
        "password": ("password", entrance.choose_password),
        "number": ("number", entrance.number),
        "authenticator": ("authenticator", entrance.authenticator),
        "passkey": ("sign-in/passkey", entrance.by_passkey),
        "passkeys": ("passkeys", entrance.passkeys),
    }
    return [
        *(path(address, _page(course), name=name) for name, (address, course) in courses.items()),
        path("security", security, name="security"),
        path("end-device", end_device, name="end_device"),
        path("sign-out", sign_out, name="sign_out"),
    ]
