"""Who is signed in on this phone, and what this face lends to the common way in (party.people.entrance)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tongdao.faces.promoter.notices import form_notice, notice_of
from tongdao.party.people.entrance import Door, Step, safe_next
from tongdao.party.people.entrance.door import Place
from tongdao.party.people.models import Person
from tongdao.party.people.sign_in import begin_session

INSIDE = "/promote/"
MONTH = 30 * 24 * 3600  # seconds: one's own phone
Course = Callable[[HttpRequest, Door], HttpResponse]


def signed_in(request: HttpRequest) -> UUID | None:
    """The person. A guest of a shop is nobody here: what one earns must not hang on a browser's cookie."""
    person = _known(request)
    return person.pk if person else None


def begin(request: HttpRequest, person: Person) -> None:
    """The person is signed in for a month, under a new key."""
    begin_session(request, person, seconds=MONTH)


def _known(request: HttpRequest) -> Person | None:
    person = request.user
    if not person.is_authenticated:
        return None
    known = person.has_usable_password() or person.identities.filter(valid_to__isnull=True).exists()
    return person if known else None


@dataclass(slots=True)
class PhoneDoor:
    """The pages of the common way in, as they look here. `wanted` is where one goes then, or nothing.

    `wechat_url` is the way by the WeChat of the shop that is wanted, where there is one.
    """

    request: HttpRequest
    wanted: str
    wechat_url: str = ""

    def url(self, place: Place, *, wanted: str = "") -> str:
        address = reverse(f"promoter:{place}")
        return f"{address}?{urlencode({'next': wanted})}" if wanted else address

    def show(self, step: Step, status: int = 200) -> HttpResponse:
        refused = notice_of(step.refusal) if step.refusal else None
        context = {
            "step": step,
            "next": self.wanted,
            "wechat_url": "" if step.hidden else self.wechat_url,
            "page_title": step.title,
            "notice": refused or (form_notice() if step.form.errors else None),
        }
        return render(self.request, "promoter/step.html", context, status=status)

    def person(self) -> Person | None:
        return _known(self.request)

    def guest(self) -> Person | None:
        person = self.request.user
        return person if person.is_authenticated and _known(self.request) is None else None

    def admit(self, person: Person) -> HttpResponse:
        begin(self.request, person)
        return redirect(self.wanted or "promoter:start")


def door_of(request: HttpRequest) -> PhoneDoor:
    """`next` leads only to pages of this face."""
    wanted = (request.POST or request.GET).get("next", "")
    return PhoneDoor(request, safe_next(request, str(wanted)[:500], INSIDE))
