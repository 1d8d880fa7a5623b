"""A merchant opens: person, company, store, in one form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongdao.faces.console.forms.entering import OpenForm, SignUpForm
from tongdao.faces.console.notices import FormWrong, Notice, notice_of
from tongdao.faces.console.sessions import begin, signed_in
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.throttling import take
from tongdao.party.merchants.operations import open_merchant
from tongdao.party.people import limits
from tongdao.party.people.models import IdentityKind
from tongdao.party.people.operations import read_sign_in_name, register_person
from tongdao.party.people.refusals import PhoneNeedsCode
from tongdao.party.people.visitors import visitor_address


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_shop(request: HttpRequest) -> HttpResponse:
    """Who is signed in already only names the shop."""
    if request.method != "POST":
        return _page(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, notice_of(FormWrong()), 422)
    try:
        owner_id = _sign_up(request, form) if isinstance(form, SignUpForm) else signed_in(request)
        assert owner_id is not None
        return _open(request, form, owner_id)
    except Refusal as refusal:
        # Whoever has just signed up stays so: the form shown again asks for the shop only.
        return _page(request, _form(request, request.POST), notice_of(refusal), refusal.status)


def _form(request: HttpRequest, data: QueryDict | None = None) -> OpenForm:
    kind = OpenForm if signed_in(request) else SignUpForm
    return kind(data)


def _sign_up(request: HttpRequest, form: SignUpForm) -> UUID:
    """A number would be anybody's until it is proven."""
    take(limits.REGISTER_BY_ADDRESS, visitor_address(request))
    if read_sign_in_name(form.cleaned_data["sign_in_name"])[0] == IdentityKind.PHONE:
        raise PhoneNeedsCode()
    person = register_person(
        sign_in_name=form.cleaned_data["sign_in_name"],
        password=form.cleaned_data["password"],
        shown_name=form.cleaned_data["shown_name"],
    )
    begin(request, person)
    return person.id


def _open(request: HttpRequest, form: OpenForm, owner: UUID) -> HttpResponse:
    merchant, storefront = open_merchant(
        name=form.cleaned_data["name"],
        slug=form.cleaned_data["slug"],
        owner_id=owner,
        actor=Actor("person", owner),
    )
    messages.success(request, _("%(name)s is open. Bring in your products next.") % {"name": storefront.name})
    return redirect("console:home", merchant_id=merchant.id)


def _page(
    request: HttpRequest, form: OpenForm, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "notice": notice,
        "page_title": _("Open a shop"),
        "known": signed_in(request) is not None,
    }
    return render(request, "console/open.html", context, status=status)
