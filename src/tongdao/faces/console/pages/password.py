"""One's own password: the one handed over is changed here."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongdao.faces.console.forms.entering import PasswordForm
from tongdao.faces.console.guard import signed_in
from tongdao.faces.console.notices import FormWrong, Notice, notice_of
from tongdao.foundation.refusals import Refusal
from tongdao.party.people.passwords import change_password


@sensitive_post_parameters("old", "new")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """This browser stays signed in; every other one has to sign in again."""
    person_id = signed_in(request)
    if person_id is None:
        return redirect("console:sign_in")
    if request.method != "POST":
        return _page(request, PasswordForm())
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, form, notice_of(FormWrong()), 422)
    try:
        person = change_password(person_id, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except Refusal as refusal:
        return _page(request, form, notice_of(refusal), refusal.status)
    update_session_auth_hash(request, person)
    messages.success(request, _("Your password is changed. Other browsers have to sign in again."))
    return redirect("console:start")


def _page(
    request: HttpRequest, form: PasswordForm, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "notice": notice, "page_title": _("Change the password")}
    return render(request, "console/password.html", context, status=status)
