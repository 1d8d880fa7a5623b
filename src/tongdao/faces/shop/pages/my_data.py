"""One's own data: a copy to take along, and being erased, with what goes and what stays in numbers.

Both are the person's whole account, at all shops. What shows or ends it asks for a fresh sign-in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.compliance.retention.operations import (
    ask_erasure,
    ask_take_out,
    open_take_out,
    withdraw_erasure,
)
from tongdao.compliance.retention.queries import Prospect, erasure_of, preview_erasure, take_out_of
from tongdao.compliance.retention.refusals import ErasureBlocked
from tongdao.compliance.retention.words import laws_of, title_of
from tongdao.faces.kit.shapes import Cell
from tongdao.faces.shop.doors import ShopDoor
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.party.people.sign_in import signed_in_lately
from tongdao.party.people.sms import sms_ready

WISH = "review"
Page = Callable[[HttpRequest, Store, UUID], HttpResponseBase]


def _own(view: Page, *, lately: bool) -> Callable[[HttpRequest, Store], HttpResponseBase]:
    """For who is signed in; `lately` since some minutes at most. Others sign in, and come back."""

    def handle(request: HttpRequest, store: Store) -> HttpResponseBase:
        door = ShopDoor(request, store)
        person = door.person()
        if person is None or (lately and not signed_in_lately(request)):
            safe = request.method in ("GET", "HEAD")
            back = request.path if safe else store.url("my_data")
            return redirect(door.url("code" if sms_ready() else "sign_in", wanted=back))
        return view(request, store, person.pk)

    return handle


def _show_data(request: HttpRequest, store: Store, person_id: UUID) -> HttpResponse:
    copy, erasure = take_out_of(person_id), erasure_of(person_id)
    context = {
        "page_title": _("My data"),
        "private": True,
        "back_url": store.url("me"),
        "copy": copy,
        "copy_url": store.url("my_copy"),
        "file_url": store.url("my_copy_file"),
        "erasure": erasure,
        "erase_url": store.url("my_erasure"),
        "keep_url": store.url("keep_me"),
    }
    return show(request, store, "my_data", context, tab="me")


def _copy(request: HttpRequest, store: Store, person_id: UUID) -> HttpResponse:
    """Ask for one. It is made in the background."""
    ask_take_out(person_id, language=get_language() or "zh-hans")
    return redirect(store.url("my_data"))


def _copy_file(request: HttpRequest, store: Store, person_id: UUID) -> FileResponse:
    copy = open_take_out(person_id)
    response = FileResponse(
        copy, as_attachment=True, filename="tongdao-data.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "no-store"
    return response


def _erase(request: HttpRequest, store: Store, person_id: UUID) -> HttpResponse:
    """What would be, and the button; a request that stands leads back to where it can be taken back."""
    if erasure_of(person_id) is not None:
        return redirect(store.url("my_data"))
    agreed, blocked = "sure" in request.POST, False
    if request.method == "POST" and agreed:
        try:
            row = ask_erasure(person_id, wishes=[WISH] if WISH in request.POST else [])
        except ErasureBlocked:  # the page says what and where
            blocked = True
        else:
            day = date_format(row.due_at, "Y-m-d H:i")
            messages.success(
                request, _("Your account will be erased on %s. Until then you can take it back.") % day
            )
            return redirect(store.url("my_data"))
    preview = preview_erasure(person_id)
    context = {
        "page_title": _("Erase my account"),
        "private": True,
        "back_url": store.url("my_data"),
        "preview": preview,
        "blockers": [str(refusal) for refusal in preview.blockers],
        "goes": _counted(preview.goes),
        "stays": [(title_of(each.table), each, laws_of(tuple(each.laws))) for each in preview.stays],
        "reviews": any(each.table == WISH for each in preview.stays),
        "unsure": request.method == "POST" and not agreed,
    }
    status = 409 if blocked else 422 if context["unsure"] else 200
    return show(request, store, "erase", context, tab="me", status=status)


def _keep_me(request: HttpRequest, store: Store, person_id: UUID) -> HttpResponse:
    """Take it back."""
    withdraw_erasure(person_id)
    messages.success(request, _("Taken back. Everything stays as it is."))
    return redirect(store.url("my_data"))


def _counted(rows: Sequence[Prospect]) -> list[Cell]:
    return [Cell(each.rows, title_of(each.table), "num") for each in rows]


my_data = never_cache(require_safe(shop_page(_own(_show_data, lately=False))))
my_copy = require_POST(shop_page(_own(_copy, lately=False)))
my_copy_file = never_cache(require_safe(shop_page(_own(_copy_file, lately=True))))
my_erasure = never_cache(require_http_methods(["GET", "HEAD", "POST"])(shop_page(_own(_erase, lately=True))))
keep_me = require_POST(shop_page(_own(_keep_me, lately=False)))
