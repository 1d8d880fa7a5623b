"""What a face lends to the course: its addresses, its pages, and how it lets somebody in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from tongdao.foundation.refusals import Refusal
from tongdao.party.people.models import Person
from tongdao.party.people.passkeys.keeping import Key

Place = Literal[
    "sign_in",
    "code",
    "whose",
    "second",
    "passkey",
    "security",
    "password",
    "number",
    "authenticator",
    "passkeys",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One page with one form. `others`: further buttons of it, which need no field; name and label.

    `shown` is the code that a sandbox shows instead of sending it; `qr` is drawn, `lines` are to be kept.
    """

    title: str
    form: Form
    yes: str
    lead: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    others: Sequence[tuple[str, str]] = ()
    links: Sequence[tuple[str, str]] = ()
    shown: str = ""
    qr: str = ""
    lines: Sequence[str] = ()
    refusal: Refusal | None = None
    passkey: str = ""  # options of the ceremony as JSON; its answer is sent as `credential`
    ceremony: Literal["", "get", "create"] = ""
    keys: Sequence[Key] = ()


class Door(Protocol):
    """`wanted` is where somebody goes afterwards: a page of this face, or nothing."""

    wanted: str
    request: HttpRequest

    def url(self, place: Place, *, wanted: str = "") -> str:
        """The address of a page of the course."""

    def show(self, step: Step, status: int = 200) -> HttpResponse: ...

    def person(self) -> Person | None:
        """Who is signed in here, guests not."""

    def guest(self) -> Person | None:
        """Who buys in this browser without being signed in."""

    def admit(self, person: Person) -> HttpResponse:
        """Begin the session and lead on."""


def safe_next(request: HttpRequest, wanted: str, inside: str) -> str:
    """`wanted` if it is a page below the path `inside` of this site; else nothing."""
    own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if own and wanted.startswith(inside) else ""
