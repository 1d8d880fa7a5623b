"""The operators' door: the course of party.people.entrance, for persons who run the platform."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdao.faces.operator.sessions import begin, operator_of
from tongdao.party.people.entrance import Step, safe_next
from tongdao.party.people.entrance.door import Place
from tongdao.party.people.models import Person
from tongdao.party.people.operators import platform_role

ROOT = "/operator/"


class OperatorDoor:
    """See party.people.entrance.Door. One for each request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        asked = (request.POST or request.GET).get("next", "")
        self.wanted = safe_next(request, asked[:500], ROOT)

    def url(self, place: Place, *, wanted: str = "") -> str:
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return reverse(f"operator:{place}") + query

    def show(self, step: Step, status: int = 200) -> HttpResponse:
        told = step.refusal.message if step.refusal else ""
        context = {"page_title": step.title, "step": step, "next": self.wanted, "refused": told}
        return render(self.request, "operator/step.html", context, status=status)

    def person(self) -> Person | None:
        user = self.request.user
        return user if operator_of(self.request) and user.is_authenticated else None

    def guest(self) -> Person | None:
        return None

    def admit(self, person: Person) -> HttpResponse:
        """Everybody else is told so and stays outside, whatever they proved of themselves."""
        if platform_role(person.pk) is None:
            logout(self.request)
            context = {"page_title": _("No way in"), "told": _("This account does not run the platform.")}
            return render(self.request, "operator/stranger.html", context, status=403)
        begin(self.request, person)
        return redirect(self.wanted or "operator:index")
