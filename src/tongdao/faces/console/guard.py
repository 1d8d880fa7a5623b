"""The door of every page: signed in, staff of this merchant, of a role that may. The page shows refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tongdao.faces.console import menu
from tongdao.faces.console.desk import Desk, open_desk
from tongdao.faces.console.notices import notice_of
from tongdao.faces.console.sessions import signed_in
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.permissions import Permission

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `show` answers GET, `act` answers POST; a page has at least one of them.

    A refused act shows the page again (the page called `back` where it has none of its own), with the notice
    and what was typed. `own_scopes`: the act opens its scopes itself, because it talks to the outside or does
    several things of which each stands alone.
    """

    name: str
    path: str
    need: Permission
    show: View | None = None
    act: View | None = None
    back: str = ""
    section: str = ""
    own_scopes: bool = False

    def parts(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """Those that this address takes; the page that an action goes back to may take fewer."""
        return {name: value for name, value in given.items() if f":{name}>" in self.path}


def handler(page: Page, pages: Mapping[str, Page]) -> View:
    """The view of a page for urls.py."""

    @never_cache
    def handle(request: HttpRequest, merchant_id: UUID, **parts: object) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404("no text holds a NUL")
        if not signed_in(request):
            return _to_sign_in(request)
        try:
            return _answer(page, pages, request, merchant_id, parts)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as refusal:
            return _not_allowed(request, merchant_id, page, refusal)

    return handle


def _answer(
    page: Page,
    pages: Mapping[str, Page],
    request: HttpRequest,
    merchant_id: UUID,
    parts: Mapping[str, object],
) -> HttpResponseBase:
    if request.method == "POST" and page.act:
        return _act(page, pages, request, merchant_id, parts)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if page.act else [])])
    if page.show is None:
        back = pages[page.back]
        kwargs = {"merchant_id": merchant_id, **back.parts(parts)}
        return redirect(reverse(f"console:{back.name}", kwargs=kwargs))
    with merchant_scope(merchant_id):
        return page.show(_desk(request, merchant_id, page), **parts)


def _act(
    page: Page,
    pages: Mapping[str, Page],
    request: HttpRequest,
    merchant_id: UUID,
    parts: Mapping[str, object],
) -> HttpResponseBase:
    assert page.act is not None
    desk: Desk | None = None
    try:
        with merchant_scope(merchant_id):
            desk = _desk(request, merchant_id, page)
            if not page.own_scopes:
                return page.act(desk, **parts)
        return page.act(desk, **parts)
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return _again(page if page.show else pages[page.back], request, merchant_id, parts, refusal, desk)


def _again(
    page: Page,
    request: HttpRequest,
    merchant_id: UUID,
    parts: Mapping[str, object],
    refusal: Refusal,
    before: Desk | None,
) -> HttpResponseBase:
    """What the action had written is rolled back by now; the page is read anew."""
    assert page.show is not None
    form: Form | None = before.form if before else None
    with merchant_scope(merchant_id):
        desk = _desk(request, merchant_id, page)
        desk.form, desk.notice = form, notice_of(refusal)
        response = page.show(desk, **page.parts(parts))
    response.status_code = refusal.status
    return response


def _desk(request: HttpRequest, merchant_id: UUID, page: Page) -> Desk:
    desk = open_desk(request, merchant_id, page.section or page.name)
    desk.require(page.need)
    return desk


def _not_allowed(request: HttpRequest, merchant_id: UUID, page: Page, refusal: Refusal) -> HttpResponseBase:
    """Whose role does not show the first page goes to the first that it does."""
    with merchant_scope(merchant_id):
        desk = open_desk(request, merchant_id, page.section or page.name)
        places = [place for group in menu.groups(desk.may, desk.url, "") for place in group.entries]
        if page.name == "home" and request.method == "GET" and places:
            return redirect(places[0].url)
        return desk.show(
            "not_allowed", _("You may not see this page"), {"refusal": refusal}, status=refusal.status
        )


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    url = reverse("console:sign_in")
    if request.method not in ("GET", "HEAD"):
        return redirect(url)
    return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")
