"""The door of every page of a store: who stands there, and what they may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.promoter.notices import Notice, notice_of
from tongdao.faces.promoter.place import Place, find_place
from tongdao.faces.promoter.sessions import signed_in
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.queries import Standing, standing_of

P = ParamSpec("P")
TABS = (("today", "home"), ("share", "share"), ("orders", "order"), ("income", "money"), ("me", "me"))


@dataclass(slots=True)
class Walk:
    """One request at one store. `standing` is None for who never was a promoter here."""

    request: HttpRequest
    place: Place
    person_id: UUID | None
    standing: Standing | None

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The only promoter ids that anything may be counted for."""
        return self.standing.ids if self.standing else ()

    @property
    def promoter_id(self) -> UUID | None:
        """Of who promotes here now."""
        return self.standing.promoter_id if self.standing else None

    @property
    def agreed(self) -> bool:
        """To the version that is in force."""
        return self.standing is not None and self.place.agreement in self.standing.agreed

    @property
    def actor(self) -> Actor:
        return Actor("person", self.person_id)

    @property
    def language(self) -> str:
        return get_language() or ""

    @contextmanager
    def scope(self) -> Iterator[None]:
        with merchant_scope(self.place.merchant_id):
            yield

    def url(self, page: str, **parts: object) -> str:
        return self.place.url(page, **parts)

    def show(
        self,
        template: str,
        title: str,
        context: Mapping[str, Any] | None = None,
        *,
        tab: str = "",
        back: str = "",
        notice: Notice | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Render one of the templates in the frame; `tab` is the place in the bar, `back` a page's name."""
        shared = {
            "walk": self,
            "page_title": title,
            "store_name": self.place.name,
            "store_url": self.url("today") if self.standing else self.place.shop_url,
            "nav": self._nav(tab),
            "back_url": self.url(back) if back else "",
            "notice": notice,
        }
        return render(self.request, f"promoter/{template}.html", {**shared, **(context or {})}, status=status)

    def _nav(self, tab: str) -> list[NavItem]:
        """Nothing for who is no promoter here, no sharing for who has left."""
        labels = {
            "today": _("Today"),
            "share": _("Share"),
            "orders": _("Orders"),
            "income": _("Income"),
            "me": _("Me"),
        }
        open_now = [(name, icon) for name, icon in TABS if name != "share" or self.promoter_id]
        return [
            NavItem(self.url(name), labels[name], icon, name == tab)
            for name, icon in (open_now if self.standing else ())
        ]


def public_page(
    view: Callable[Concatenate[Walk, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For everybody. What is not there is 404, any other refusal a page that says what next."""

    @wraps(view)
    @never_cache
    def handle(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404("no text holds a NUL")
        place, person_id = find_place(slug), signed_in(request)
        standing = standing_of(person_id, place.merchant_id) if person_id else None
        walk = Walk(request, place, person_id, standing)
        try:
            return view(walk, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except Refusal as refusal:
            title = _("This did not work")
            return walk.show("refused", title, notice=notice_of(refusal), status=refusal.status)

    return handle


def promoter_page(
    view: Callable[Concatenate[Walk, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For who promotes here, or did. Others are led to the door."""

    @wraps(view)
    def handle(walk: Walk, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if walk.person_id is None:
            return redirect(sign_in_url(walk.request))
        if walk.standing is None:
            return redirect(walk.url("join"))
        return view(walk, *args, **kwargs)

    return public_page(handle)


def sign_in_url(request: HttpRequest) -> str:
    """It leads back to a page that was looked at, not to what was sent."""
    url = reverse("promoter:sign_in")
    safe = request.method in ("GET", "HEAD")
    return f"{url}?{urlencode({'next': request.get_full_path()})}" if safe else url
