"""Who is on the other side: a browser, then a guest at the first thing put into a cart, later more.

Visiting makes nothing; a guest is a person of whom nothing is known but one browser's session.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from tongdao.party.people.operations import create_guest

VISITOR_COOKIE = "td_visitor"
YEAR = 365 * 24 * 3600  # seconds
BACKEND = "tongdao.party.people.sign_in.IdentityBackend"


def visitor_of(request: HttpRequest) -> UUID | None:
    """The browser's random key, if a link gave it one; what is no such key counts as none."""
    try:
        return UUID(request.COOKIES.get(VISITOR_COOKIE, ""))
    except ValueError:
        return None


def new_visitor() -> UUID:
    return uuid4()


def keep_visitor(response: HttpResponse, visitor: UUID) -> None:
    """Let the browser remember its key for a year; scripts cannot read it."""
    response.set_cookie(
        VISITOR_COOKIE,
        str(visitor),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def buyer_of(request: HttpRequest) -> UUID | None:
    """The person who is signed in, guests included."""
    return request.user.pk if request.user.is_authenticated else None


def ensure_buyer(request: HttpRequest) -> UUID:
    """The person who is signed in, or a guest made now. Only for requests that change something.

    A guest proves nothing by signing in, so the form secret stays: pages open in other tabs go on working.
    """
    known = buyer_of(request)
    if known is not None:
        return known
    secret = request.META.get("CSRF_COOKIE")
    guest = create_guest()
    login(request, guest, backend=BACKEND)
    request.session.set_expiry(YEAR)
    if secret:
        request.META["CSRF_COOKIE"] = secret
    return guest.pk
