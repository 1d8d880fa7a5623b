"""Who stands at the desk of which merchant, and what all pages share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tongdao.faces.console import menu
from tongdao.faces.console.notices import FormWrong, Notice
from tongdao.faces.console.words import rights_name
from tongdao.faces.kit.shapes import Account, NavItem
from tongdao.foundation.actors import Actor
from tongdao.foundation.reading import ask, gather, read
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.permissions import Permission, Rights, ask_rights
from tongdao.trade.disputes.waiting import ask_waiting as ask_cases_waiting
from tongdao.trade.talk.queries import ask_waiting

F = TypeVar("F", bound=Form)
NAME = "select name from merchant where id = %s"


@dataclass(slots=True)
class Desk:
    """`form` and `notice` are set when an action was refused and its page is shown again."""

    request: HttpRequest
    merchant_id: UUID
    merchant_name: str
    person_id: UUID
    person_name: str
    rights: Rights
    section: str = ""
    talks_waiting: int = 0  # conversations in which a buyer waits
    cases_waiting: int = 0  # after-sale cases in which the shop has to move
    form: Form | None = None
    notice: Notice | None = None

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.person_id)

    def for_buyer(self, person_id: UUID) -> Actor:
        """Acting for a buyer who asked for it."""
        return Actor("staff", self.person_id, on_behalf_of=person_id)

    def may(self, need: Permission) -> bool:
        return need in self.rights.permissions

    def require(self, need: Permission) -> None:
        if not self.may(need):
            raise NotAllowed(permission=need)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """For the few actions that open their scopes themselves."""
        with merchant_scope(self.merchant_id):
            yield

    def url(self, name: str, **parts: object) -> str:
        return _url(name, self.merchant_id, tuple(parts.items()))

    def crumb(self, label: object, name: str = "", **parts: object) -> NavItem:
        return NavItem(self.url(name, **parts) if name else "", str(label))

    def read(self, form: F) -> F:
        """The form if what was typed is right; raises FormWrong, and the page is shown again with it."""
        self.form = form
        if not form.is_valid():
            raise FormWrong(form)
        return form

    def blank(self, kind: type[F], *args: Any, **kwargs: Any) -> F:
        """The form as it was refused, or a new one."""
        return self.form if isinstance(self.form, kind) else kind(*args, **kwargs)

    def done(self, text: str, name: str, **parts: object) -> HttpResponse:
        """Say it and go to a page, so that a reload does not send it again."""
        messages.success(self.request, text)
        return redirect(self.url(name, **parts))

    def show(
        self, template: str, title: object, context: Mapping[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """Render one of the console's templates inside the merchant's frame."""
        language = get_language()
        shared = {
            "desk": self,
            "page_title": str(title),
            "merchant_name": self.merchant_name,
            "console_url": self.url("home"),
            "side_html": _side(
                self.merchant_id,
                self.merchant_name,
                self.rights.permissions,
                self.section,
                self.talks_waiting,
                self.cases_waiting,
                language,
            ),
            "find_html": _find(self.merchant_id, language),
            "account": Account(self.person_name, rights_name(self.rights), reverse("console:sign_out")),
            "notice": self.notice,
            "may": self.rights.permissions,
        }
        return render(self.request, f"console/{template}.html", {**shared, **context}, status=status)


def open_desk(request: HttpRequest, merchant_id: UUID, section: str) -> Desk:
    """In the merchant's scope. Raises NotFound for everybody who does not work there."""
    person = request.user
    if person.is_anonymous:
        raise NotFound()
    asked = gather(ask_rights(person.pk), ask(NAME, [merchant_id]), ask_waiting(), ask_cases_waiting())
    rights, names, waiting, cases = read(asked)
    if rights is None:
        raise NotFound()
    ((name,),) = names
    shown = person.shown_name or rights_name(rights)
    return Desk(request, merchant_id, name, person.pk, shown, rights, section, waiting, cases)


# What stands around each page is the same on all of them and drawn once, in the language that
# is active, which is part of the key alone.


@lru_cache(maxsize=1024)
def _side(
    merchant_id: UUID,
    merchant_name: str,
    permissions: frozenset[Permission],
    section: str,
    talks_waiting: int,
    cases_waiting: int,
    language: str,
) -> SafeString:
    """Name and menu."""
    counts = {"talks": talks_waiting, "cases": cases_waiting}
    shown = menu.groups(permissions.__contains__, lambda name: _url(name, merchant_id, ()), section, counts)
    home = _url("home", merchant_id, ())
    context = {"nav": shown, "merchant_name": merchant_name, "console_url": home}
    return render_to_string("kit/console_side.html", context)


@lru_cache(maxsize=1024)
def _find(merchant_id: UUID, language: str) -> SafeString:
    """The search box."""
    return render_to_string("console/part/find.html", {"url": _url("search", merchant_id, ())})


@lru_cache(maxsize=4096)  # the menu alone has twenty on each page
def _url(name: str, merchant_id: UUID, parts: tuple[tuple[str, object], ...]) -> str:
    return reverse(f"console:{name}", kwargs={"merchant_id": merchant_id, **dict(parts)})
