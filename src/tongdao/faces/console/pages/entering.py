"""Signing in and out, choosing a merchant, opening one. The only pages outside a merchant."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdao.faces.console.forms.entering import SignInForm
from tongdao.faces.console.guard import signed_in
from tongdao.faces.console.notices import Notice, notice_of
from tongdao.faces.console.sessions import begin, safe_next, workplaces
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import role_name
from tongdao.party.people.operations import check_sign_in
from tongdao.party.people.refusals import SignInFailed


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The only merchant one works for, or a choice."""
    person_id = signed_in(request)
    if person_id is None:
        return redirect("console:sign_in")
    places = workplaces(person_id)
    if len(places) == 1:
        return redirect("console:home", merchant_id=places[0].merchant_id)
    choices = [
        {
            "name": place.name,
            "role": role_name(place.role),
            "url": reverse("console:home", kwargs={"merchant_id": place.merchant_id}),
        }
        for place in places
    ]
    return render(
        request, "console/choose.html", {"choices": choices, "page_title": _("Where do you work today?")}
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """`next` leads only to pages of this console."""
    wanted = safe_next(request, text(request.POST or request.GET, "next", 500))
    if request.method != "POST":
        if signed_in(request):
            return redirect(wanted or "console:start")
        return _sign_in_page(request, SignInForm(), wanted)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, wanted, status=422)
    try:
        person = check_sign_in(form.cleaned_data["sign_in_name"], form.cleaned_data["password"])
    except SignInFailed as refusal:
        return _sign_in_page(request, form, wanted, notice_of(refusal), refusal.status)
    begin(request, person)
    return redirect(wanted or "console:start")


def _sign_in_page(
    request: HttpRequest, form: SignInForm, wanted: str, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "next": wanted, "notice": notice, "page_title": _("Sign in")}
    return render(request, "console/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("console:sign_in")
