"""Opening an invitation: whoever is signed in and accepts it works there."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.console.forms.staffing import NewcomerForm
from tongdao.faces.console.notices import FormWrong, Notice, notice_of
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.sessions import begin, signed_in
from tongdao.faces.console.words import rights_name
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Merchant
from tongdao.party.merchants.operations import accept_invitation, find_invitation, open_invitation
from tongdao.party.merchants.permissions import rights_in
from tongdao.party.people.operations import register_person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what it is about and changes nothing; only POST of somebody signed in accepts.

    Who has no account yet makes one here, and is asked again.
    """
    person_id = signed_in(request)
    try:
        found = find_invitation(token)
        if request.method != "POST":
            return _ask(request, found.merchant_id, found.id, None if person_id else NewcomerForm())
        if person_id is None:
            return _register(request, found.merchant_id, found.id)
        return _accept(request, found.merchant_id, found.id, person_id)
    except Refusal as refusal:
        context = {"page_title": _("You are not in yet"), "notice": notice_of(refusal)}
        response = render(request, "console/join_gone.html", context, status=refusal.status)
    return _secret(response)


def _accept(request: HttpRequest, merchant_id: UUID, invitation_id: UUID, person_id: UUID) -> HttpResponse:
    with merchant_scope(merchant_id):
        accept_invitation(invitation_id, actor=Actor("person", person_id))
    messages.success(request, _("Welcome. You work here now."))
    return redirect("console:home", merchant_id=merchant_id)


def _register(request: HttpRequest, merchant_id: UUID, invitation_id: UUID) -> HttpResponse:
    form = NewcomerForm(request.POST)
    if not form.is_valid():
        return _ask(request, merchant_id, invitation_id, form, notice_of(FormWrong()), 422)
    try:
        person = register_person(**form.cleaned_data)
    except Refusal as refusal:
        return _ask(request, merchant_id, invitation_id, form, notice_of(refusal), refusal.status)
    begin(request, person)
    return redirect(request.path)


def _ask(
    request: HttpRequest,
    merchant_id: UUID,
    invitation_id: UUID,
    form: NewcomerForm | None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    with merchant_scope(merchant_id):
        row = open_invitation(invitation_id)
        name = Merchant.objects.values_list("name", flat=True).get(pk=merchant_id)
        sender = shown_names([row.invited_by]).get(row.invited_by) or name
        role = rights_name(rights_in(row.role, row.custom))
    context = {
        "page_title": _("Work for %(name)s") % {"name": name},
        "sender": sender,
        "merchant": name,
        "role": role,
        "until": row.expires_at,
        "form": form,
        "notice": notice,
        "sign_in_url": f"{reverse('console:sign_in')}?{urlencode({'next': request.path})}",
    }
    return _secret(render(request, "console/join.html", context, status=status))


def _secret(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site is told it. Without any referrer forms would have no origin."""
    response["Referrer-Policy"] = "same-origin"
    return response
