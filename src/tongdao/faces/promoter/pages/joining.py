"""Joining: free, without anything to buy and without anybody who brought one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from tongdao.faces.promoter.door import Walk, public_page
from tongdao.faces.promoter.forms import JoinForm, NewcomerForm
from tongdao.faces.promoter.notices import Notice, form_notice, notice_of
from tongdao.faces.promoter.pay_words import pay_context
from tongdao.faces.promoter.sessions import begin
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.party.network.agreements import Agreement, agreement_now
from tongdao.party.network.operations import Consent, join_promoter
from tongdao.party.people.operations import register_person
from tongdao.party.people.sms import sms_ready
from tongdao.terms.plans.queries import plan_at


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def join(walk: Walk) -> HttpResponse:
    """Who promotes here already is led in; who has left may come back."""
    if walk.promoter_id is not None:
        return redirect(walk.url("today"))
    kind = NewcomerForm if walk.person_id is None else JoinForm
    with walk.scope():
        read = agreement_now(walk.language)
    if walk.request.method != "POST":
        first = {"version": read.version, "shown_name": walk.standing.shown_name if walk.standing else ""}
        return _page(walk, kind(initial=first, least_age=read.least_age), read)
    form = kind(walk.request.POST, least_age=read.least_age)
    if not form.is_valid():
        return _page(walk, form, read, form_notice(), 422)
    try:
        _join(walk, form, read)
    except Refusal as refusal:
        return _page(walk, form, read, notice_of(refusal), refusal.status)
    messages.success(walk.request, _("Welcome. Make your first link and send it."))
    return redirect(walk.url("today"))


@sensitive_variables()
def _join(walk: Walk, form: JoinForm, read: Agreement) -> None:
    """An account first where there is none; it stays when joining is refused, and one is signed in then."""
    typed = form.cleaned_data
    if walk.person_id is None:
        person = register_person(
            sign_in_name=typed["sign_in_name"], password=typed["password"], shown_name=typed["shown_name"]
        )
        begin(walk.request, person)
        walk.person_id = person.pk
    assert walk.person_id is not None
    consent = Consent(typed["version"], typed["of_age"], typed["listed_occupation"], read.language)
    with walk.scope():
        join_promoter(
            walk.person_id,
            shown_name=typed["shown_name"],
            actor=Actor("person", walk.person_id),
            consent=consent,
        )


def _page(
    walk: Walk, form: JoinForm, read: Agreement, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    with walk.scope():
        plan = plan_at(clock.now())
    context = {
        "form": form,
        "agreement": read,
        **pay_context(plan),
        "by_sms": sms_ready(),
        "newcomer": isinstance(form, NewcomerForm),
    }
    title = _("Recommend %(store)s") % {"store": walk.place.name}
    return walk.show("join", title, context, notice=notice, status=status)
