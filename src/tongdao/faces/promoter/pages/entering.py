"""Signing in and out, the ways in, and choosing among several shops: the pages outside a store."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.promoter.pages.wechat import way_in
from tongdao.faces.promoter.place import place_of
from tongdao.faces.promoter.sessions import Course, door_of, signed_in
from tongdao.party.network.queries import standings_of
from tongdao.party.people import entrance
from tongdao.party.people.sms import sms_ready


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The only shop that one promotes, or a choice."""
    person_id = signed_in(request)
    if person_id is None:
        return redirect("promoter:sign_in")
    standings = standings_of(person_id)
    found = [(place_of(one.merchant_id), one) for one in standings]
    places = [(place, one) for place, one in found if place is not None]
    if len(places) == 1:
        return redirect(places[0][0].url("today"))
    choices = [
        {"name": place.name, "url": place.url("today"), "left": one.promoter_id is None}
        for place, one in places
    ]
    title = _("Which shop?") if choices else _("You promote no shop yet")
    return render(request, "promoter/start.html", {"choices": choices, "page_title": title})


def _page(
    course: Course, *, by_sms: bool = False, wechat: bool = False
) -> Callable[[HttpRequest], HttpResponse]:
    """A step of the common way in. Where no message can be sent, its pages are not there. `wechat`: it
    offers that way, too.
    """

    @sensitive_post_parameters("password", "old", "new", "code")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def handle(request: HttpRequest) -> HttpResponse:
        if by_sms and not sms_ready():
            raise Http404
        door = door_of(request)
        door.wechat_url = way_in(request, door.wanted) if wechat else ""
        return course(request, door)

    return handle


sign_in = _page(entrance.by_password, wechat=True)
code = _page(entrance.by_code, by_sms=True, wechat=True)
whose = _page(entrance.whose, by_sms=True)
second = _page(entrance.second)
password = _page(entrance.choose_password)
number = _page(entrance.number, by_sms=True)
authenticator = _page(entrance.authenticator)
passkey = _page(entrance.by_passkey)
passkeys = _page(entrance.passkeys)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: HttpRequest) -> HttpResponse:
    """The ways into the account, and where it is signed in. What is posted ends one of these."""
    door = door_of(request)
    person = door.person()
    if person is None:
        return redirect(door.url("sign_in", wanted=request.path))
    if request.method == "POST":
        return entrance.end(request, door)
    context = {
        "page_title": _("Account and security"),
        "security": entrance.security_of(request, person),
        "number_url": door.url("number") if sms_ready() else "",
        "password_url": door.url("password"),
        "authenticator_url": door.url("authenticator"),
        "passkeys_url": door.url("passkeys"),
        "end_url": request.path,
    }
    return render(request, "promoter/security.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("promoter:sign_in")
