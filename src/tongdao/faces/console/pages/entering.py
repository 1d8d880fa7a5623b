"""Signing in and out, one's own ways in, choosing a merchant: pages outside a merchant."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.console.door import ConsoleDoor
from tongdao.faces.console.sessions import signed_in, workplaces
from tongdao.faces.console.words import role_name
from tongdao.party.people import entrance
from tongdao.party.people.sign_in import signed_in_lately
from tongdao.party.people.sms import sms_ready


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The only merchant one works for, or a choice."""
    person_id = signed_in(request)
    if person_id is None:
        return redirect("console:sign_in")
    places = workplaces(person_id)
    if len(places) == 1:
        return redirect("console:home", merchant_id=places[0].merchant_id)
    choices = [
        {
            "name": place.name,
            "role": role_name(place.role),
            "url": reverse("console:home", kwargs={"merchant_id": place.merchant_id}),
        }
        for place in places
    ]
    return render(
        request, "console/choose.html", {"choices": choices, "page_title": _("Where do you work today?")}
    )


def _page(course: Callable[[HttpRequest, ConsoleDoor], HttpResponse]) -> Callable[..., HttpResponse]:
    """One page of the course that all faces share (party.people.entrance), at this door."""

    @sensitive_post_parameters("password", "old", "new", "code", "phone")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def handle(request: HttpRequest) -> HttpResponse:
        return course(request, ConsoleDoor(request))

    return handle


def _sign_in(request: HttpRequest, door: ConsoleDoor) -> HttpResponse:
    """Who is here already goes on; to change a way in, one signs in again."""
    if request.method != "POST" and signed_in(request) and (signed_in_lately(request) or not door.wanted):
        return redirect(door.wanted or "console:start")
    return entrance.by_password(request, door)


sign_in = _page(_sign_in)
sign_in_code = _page(entrance.by_code)
sign_in_whose = _page(entrance.whose)
sign_in_second = _page(entrance.second)
password = _page(entrance.choose_password)
number = _page(entrance.number)
authenticator = _page(entrance.authenticator)
sign_in_passkey = _page(entrance.by_passkey)
passkeys = _page(entrance.passkeys)


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The ways into one's account, and where one is signed in."""
    door = ConsoleDoor(request)
    person = door.person()
    if person is None:
        return redirect(door.url("sign_in", wanted=request.path))
    context = {
        "page_title": _("Sign-in and devices"),
        "security": entrance.security_of(request, person),
        "number_url": door.url("number") if sms_ready() else "",
        "password_url": door.url("password"),
        "authenticator_url": door.url("authenticator"),
        "passkeys_url": door.url("passkeys"),
        "end_url": reverse("console:end_device"),
        "out_url": reverse("console:sign_out"),
    }
    return render(request, "console/security.html", context)


@require_POST
def end_device(request: HttpRequest) -> HttpResponse:
    return entrance.end(request, ConsoleDoor(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("console:sign_in")
