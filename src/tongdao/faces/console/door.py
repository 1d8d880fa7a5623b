"""The console's door: its pages for coming in, and a session of one working day."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tongdao.faces.console.notices import notice_of
from tongdao.faces.console.sessions import begin, signed_in
from tongdao.faces.console.typed import text
from tongdao.party.people.entrance import Step, safe_next
from tongdao.party.people.entrance.door import Place
from tongdao.party.people.models import Person

NAMES: dict[Place, str] = {
    "sign_in": "sign_in",
    "code": "sign_in_code",
    "whose": "sign_in_whose",
    "second": "sign_in_second",
    "security": "security",
    "password": "password",
    "number": "number",
    "authenticator": "authenticator",
    "passkey": "sign_in_passkey",
    "passkeys": "passkeys",
}


class ConsoleDoor:
    """See party.people.entrance.Door. One for each request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.wanted = safe_next(request, text(request.POST or request.GET, "next", 500), "/console/")

    def url(self, place: Place, *, wanted: str = "") -> str:
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return reverse(f"console:{NAMES[place]}") + query

    def show(self, step: Step, status: int = 200) -> HttpResponse:
        context = {
            "page_title": step.title,
            "step": step,
            "next": self.wanted,
            "notice": notice_of(step.refusal) if step.refusal else None,
        }
        return render(self.request, "console/step.html", context, status=status)

    def person(self) -> Person | None:
        user = self.request.user
        return user if signed_in(self.request) and user.is_authenticated else None

    def guest(self) -> Person | None:
        """A guest of a shop stays one: who signs in at the desk is somebody else."""
        return None

    def admit(self, person: Person) -> HttpResponse:
        begin(self.request, person)
        return redirect(self.wanted or "console:start")
