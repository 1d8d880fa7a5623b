"""Django's side of signing in: its sessions know a person by id, and a browser remembers who was let in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tongdao.foundation import clock
from tongdao.foundation.prepared import find_prepared
from tongdao.foundation.throttling import TooManyTries
from tongdao.party.people.models import Person
from tongdao.party.people.operations import check_sign_in
from tongdao.party.people.refusals import SignInFailed
from tongdao.party.people.sessions import DEVICE

BACKEND = "tongdao.party.people.sign_in.IdentityBackend"
KNOWN_COOKIE = "td_known"
SIGNED_AT = "signed_at"  # in the session: when the person proved who it is
LATELY = 10 * 60  # seconds
YEAR = 365 * 24 * 3600  # seconds
MOST_KNOWN = 3  # accounts that one browser remembers
_SALT = "tongdao.known-browser"
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


class IdentityBackend(BaseBackend):
    """Recognises a person by one of the identities and the password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        try:
            return check_sign_in(username or "", password or "")
        except (SignInFailed, TooManyTries):
            return None

    def get_user(self, user_id: UUID | str | int) -> Person | None:
        found = find_prepared(Person, "id = %s and is_active and merged_into_id is null", [str(user_id)])
        return found[0] if found else None


def begin_session(request: HttpRequest, person: Person, *, seconds: int) -> None:
    """The person is signed in here for so long, under a new key.

    Django keeps the key when the same person signs in again; whoever planted it would be in with them.
    """
    login(request, person, backend=BACKEND)
    request.session.cycle_key()
    request.session[DEVICE] = device_name(request.META.get("HTTP_USER_AGENT", ""))
    request.session[SIGNED_AT] = int(clock.now().timestamp())
    request.session.set_expiry(seconds)


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether who is there proved it minutes ago: asked for before the ways into an account are changed."""
    return clock.now().timestamp() - int(request.session.get(SIGNED_AT, 0)) < LATELY


def device_name(agent: str) -> str:
    """`Safari · iPhone` out of what the browser says of itself; the rest of it is nobody's business."""
    parts = [
        next((name for mark, name in table if mark in agent), "")  # the first mark that is in it
        for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(part for part in parts if part)


def known_marks(request: HttpRequest) -> Mapping[UUID, str]:
    """The accounts that this browser was signed in to, each with its mark; nothing for a forged cookie."""
    try:
        marks = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=_SALT, max_age=YEAR)
        return {UUID(mark.split(":")[0]): mark for mark in marks}
    except (signing.BadSignature, ValueError):
        return {}


def knows(request: HttpRequest, person: Person) -> bool:
    """Whether this browser was signed in to the account since its password last changed."""
    mark = known_marks(request).get(person.pk, "")
    return mark.split(":")[1:2] == [_since(person)]


def remember_browser(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Let the browser be told from strangers for a year: it signs nobody in, scripts cannot read it."""
    if knows(request, person):
        return
    others = [mark for id, mark in known_marks(request).items() if id != person.pk]
    mark = f"{person.pk}:{_since(person)}:{secrets.token_urlsafe(9)}"
    response.set_cookie(
        KNOWN_COOKIE,
        signing.dumps([mark, *others][:MOST_KNOWN], salt=_SALT),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _since(person: Person) -> str:
    return person.get_session_auth_hash()[:16]
