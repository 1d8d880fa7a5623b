"""The agreement: the text that I have agreed to, or the one that I am asked to agree to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.forms import AgreeForm
from tongdao.faces.promoter.notices import Notice, form_notice, notice_of
from tongdao.foundation.refusals import NotFound
from tongdao.party.network.agreements import Agreement, agreement_after, agreement_now
from tongdao.party.network.models import Promoter, PromoterConsent
from tongdao.party.network.operations import Consent, agree
from tongdao.party.network.refusals import AgeNotDeclared, AgreementChanged


@dataclass(frozen=True, slots=True)
class Agreed:
    """As it was stored when it was agreed to; the merchant's own text is HTML."""

    text: str
    html: bool
    version: str
    at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
@promoter_page
def agreement(walk: Walk) -> HttpResponse:
    with walk.scope():
        read = agreement_now(walk.language)
    if walk.request.method != "POST":
        return _page(walk, read, AgreeForm(initial={"version": read.version}, least_age=read.least_age))
    form = AgreeForm(walk.request.POST, least_age=read.least_age)
    if not form.is_valid():
        return _page(walk, read, form, form_notice(), 422)
    try:
        _agree(walk, form, read)
    except (AgeNotDeclared, AgreementChanged) as refusal:
        return _page(walk, read, form, notice_of(refusal), refusal.status)
    messages.success(walk.request, _("Thank you. You can make links now."))
    return redirect(walk.url("today"))


def _agree(walk: Walk, form: AgreeForm, read: Agreement) -> None:
    typed = form.cleaned_data
    consent = Consent(typed["version"], typed["of_age"], typed["listed_occupation"], read.language)
    if walk.promoter_id is None:
        raise NotFound()
    with walk.scope():
        agree(Promoter.objects.get(pk=walk.promoter_id), consent, actor=walk.actor)


def _page(
    walk: Walk, read: Agreement, form: AgreeForm, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    asked = walk.promoter_id is not None and not walk.agreed
    agreed = None if asked else _agreed(walk)
    with walk.scope():
        coming = agreement_after(walk.language)
    context = {"agreement": read, "agreed": agreed, "form": form if asked else None, "coming": coming}
    return walk.show("agreement", _("Agreement"), context, tab="me", back="me", notice=notice, status=status)


def _agreed(walk: Walk) -> Agreed | None:
    with walk.scope():
        said = PromoterConsent.objects.filter(promoter_id__in=walk.ids).select_related("agreement")
        row = said.order_by("-at").first()
        return Agreed(row.agreement.text, not row.agreement.language, row.version, row.at) if row else None
