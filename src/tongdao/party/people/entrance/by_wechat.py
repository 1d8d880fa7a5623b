"""Coming in by WeChat: to WeChat with a state, back with a code, each good once and in this browser only.

Inside WeChat the first way there is silent and tells the openid; somebody new is then asked for one tap more,
which tells the unionid. Beside a website a code is scanned. Who is signed in already gets one more way in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.throttling import Limit, TooManyTries, take
from tongdao.party.people import limits
from tongdao.party.people.entrance.door import Door, Step
from tongdao.party.people.entrance.passing import passed
from tongdao.party.people.refusals import WechatDeclined, WechatOver
from tongdao.party.people.sign_in import signed_in_lately
from tongdao.party.people.visitors import visitor_address
from tongdao.party.people.wechat import App, Seen, attach, exchange, holder_of, open_by_wechat
from tongdao.party.people.wechat.gateway import Scope, consent_url

WAYS = "wechat_ways"  # in the session: what was begun here, by state
PAYERS = "wechat_payers"  # in the session: the openid of the WeChat that is here, by appid
WAY_LIFE = timedelta(minutes=10)
MOST_WAYS = 5
ONCE = Limit("wechat_state", 1, 2 * WAY_LIFE)
"""A state is taken once by one statement, whatever the session says to two who bring it at the same time."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to WeChat and back. `errand` is what for: "enter", "add", or what else a face goes for."""

    appid: str
    scope: Scope
    errand: str
    wanted: str
    at: int = field(default_factory=lambda: int(clock.now().timestamp()))


@dataclass(frozen=True, slots=True)
class Place:
    """What a face lends: the app, its page for this, and the full address that WeChat leads back to."""

    app: App
    page: str
    back: str


def set_out(request: HttpRequest, place: Place, scope: Scope, errand: str, wanted: str) -> HttpResponse:
    """To WeChat. Nothing is known of anybody yet."""
    state = token(32)
    way = Way(place.app.appid, scope, errand, wanted)
    begun = {**request.session.get(WAYS, {}), state: [way.appid, way.scope, way.errand, way.wanted, way.at]}
    request.session[WAYS] = dict(list(begun.items())[-MOST_WAYS:])
    return redirect(consent_url(place.app, scope, back=place.back, state=state))


def come_back(request: HttpRequest, app: App) -> tuple[Way, Seen]:
    """What was set out for, and whom WeChat names. The state and the code are used up by it.

    Raises WechatOver, WechatDeclined and what `exchange` does.
    """
    way = _way(request, str(request.GET.get("state", ""))[:128])
    if way.appid != app.appid:
        raise WechatOver()
    code = str(request.GET.get("code", ""))[:512]
    if not code:
        raise WechatDeclined()
    take(limits.WECHAT_BY_ADDRESS, visitor_address(request))
    return way, exchange(app, code)


def by_wechat(request: HttpRequest, door: Door, place: Place) -> HttpResponse:
    """The button, or with `new` the page with the one tap more, which is a form sent here."""
    if request.method != "POST" and "new" in request.GET:
        return door.show(_consent_step(door))
    signed_in = door.person() is not None
    if signed_in and not signed_in_lately(request):
        return redirect(door.url("sign_in", wanted=door.url("security")))
    scope: Scope = "snsapi_login"
    if place.app.kind == "official":
        scope = "snsapi_userinfo" if signed_in or request.method == "POST" else "snsapi_base"
    errand, wanted = ("add", door.url("security")) if signed_in else ("enter", door.wanted)
    return set_out(request, place, scope, errand, wanted)


def enter(request: HttpRequest, door: Door, place: Place, way: Way, seen: Seen) -> HttpResponse:
    """Let in whom WeChat names; somebody new after the silent way is asked for one tap more.

    `door.wanted` is what the way was set out for.
    """
    if way.errand == "add":
        return _add(request, door, seen)
    if way.scope == "snsapi_base" and holder_of(seen) is None:
        note_payer(request, seen)
        return redirect(f"{place.page}?{urlencode({'new': '1', 'next': door.wanted})}")
    response = passed(request, door, open_by_wechat(seen, guest=door.guest()))
    note_payer(request, seen)
    return response


def note_payer(request: HttpRequest, seen: Seen) -> None:
    """Whose WeChat it is, for payments made inside it."""
    request.session[PAYERS] = {**request.session.get(PAYERS, {}), seen.appid: seen.openid}


def payer_of(request: HttpRequest, appid: str) -> str:
    """The openid of the WeChat that is here, in this app; nothing if it has not said yet."""
    return str(request.session.get(PAYERS, {}).get(appid, ""))


def refused_step(door: Door, refusal: Refusal) -> Step:
    """What stood against it, and the ways that are left."""
    return Step(_("Sign in with WeChat"), Form(), "", links=[_another_way(door)], refusal=refusal)


def _add(request: HttpRequest, door: Door, seen: Seen) -> HttpResponse:
    person = door.person()
    if person is None or not signed_in_lately(request):
        raise WechatOver()
    attach(person.pk, seen)
    note_payer(request, seen)
    messages.success(request, _("You can sign in with WeChat from now on."))
    return redirect(door.url("security"))


def _way(request: HttpRequest, state: str) -> Way:
    begun = dict(request.session.get(WAYS, {}))
    found = begun.pop(state, None)
    if found is None:
        raise WechatOver()
    request.session[WAYS] = begun
    way = Way(*found)
    try:
        take(ONCE, state)
    except TooManyTries as error:
        raise WechatOver() from error
    if clock.now().timestamp() - way.at > WAY_LIFE.total_seconds():
        raise WechatOver()
    return way


def _consent_step(door: Door) -> Step:
    return Step(
        _("Sign in with WeChat"),
        Form(),
        _("Continue with WeChat"),
        lead=_(
            "You are here for the first time. WeChat asks whether you agree; we keep only a number that it"
            " gives you for this shop, neither your name nor your picture."
        ),
        links=[_another_way(door)],
    )


def _another_way(door: Door) -> tuple[str, str]:
    return _("Sign in another way"), door.url("sign_in", wanted=door.wanted)
