"""Agreements in versions: what is in force, what comes, and publishing the next one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import AGREEMENTS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.papers import AgreementForm
from tongdao.faces.kit.shapes import Action, Cell, Column, Row, Tone
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import AgreementAcceptance, AgreementKind, AgreementVersion
from tongdao.party.merchants.operations import publish_agreement
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.merchants.queries import current_agreement

MOST = 200


def show(desk: Desk) -> HttpResponse:
    found = list(AgreementVersion.objects.defer("body_html").order_by("kind", "-version")[:MOST])
    current = {row.id for kind in AgreementKind if (row := current_agreement(kind))}
    names = (_("Title"), _("Kind"), _("Version"), _("Published"), _("In force from"), _("State"))
    context = {
        "intro": _("The law wants a version published 7 days before it is in force, a major change 15."),
        "columns": [Column(name) for name in names],
        "rows": [_row(desk, row, current) for row in found],
        "count": len(found),
        "actions": [Action(_("Publish a version"), desk.url("agreement_new"), kind="primary", icon="plus")],
        "empty_title": _("No agreements yet"),
        "empty_text": _("Terms of service, privacy, and what promoters agree to."),
        "empty_icon": "shield",
    }
    return desk.show("list_page", _("Agreements"), context)


def _row(desk: Desk, row: AgreementVersion, current: set[UUID]) -> Row:
    words, tone = _state(row, current)
    cells = [
        Cell(row.title, url=desk.url("agreement", agreement_id=row.id)),
        Cell(AGREEMENTS[AgreementKind(row.kind)][0], _("Kind")),
        Cell(row.version, _("Version"), "num"),
        Cell(row.published_at, _("Published"), "time"),
        Cell(row.effective_from, _("In force from"), "time"),
        Cell(words, _("State"), "tag", tone=tone),
    ]
    return Row(cells, label=row.title)


def _state(row: AgreementVersion, current: set[UUID]) -> tuple[str, Tone]:
    if row.id in current:
        return _("In force"), "success"
    return (_("Not yet in force"), "waiting") if row.effective_from > clock.now() else (_("Replaced"), "")


def new(desk: Desk) -> HttpResponse:
    crumbs = [desk.crumb(_("Agreements"), "agreements"), desk.crumb(_("Publish a version"))]
    context = {"crumbs": crumbs, "form": desk.blank(AgreementForm), "button": _("Publish")}
    return desk.show("paper_form", _("Publish a version"), context)


def create(desk: Desk) -> HttpResponse:
    typed = desk.read(AgreementForm(desk.request.POST)).cleaned_data
    begins = clock.day_begins(typed.pop("effective_from"))
    kind = AgreementKind(typed.pop("kind"))
    row = publish_agreement(AgreementDraft(kind=kind, effective_from=begins, **typed), actor=desk.actor)
    return desk.done(_("Version %(version)s is published.") % {"version": row.version}, "agreements")


def one(desk: Desk, agreement_id: UUID) -> HttpResponse:
    row = AgreementVersion.objects.filter(pk=agreement_id).first()
    if row is None:
        raise NotFound()
    context = {
        "crumbs": [desk.crumb(_("Agreements"), "agreements"), desk.crumb(row.title)],
        "body": mark_safe(row.body_html),  # noqa: S308 sanitised when it was written
        "facts": [
            Cell(AGREEMENTS[AgreementKind(row.kind)][0], _("Kind")),
            Cell(row.version, _("Version"), "num"),
            Cell(row.published_at, _("Published"), "time"),
            Cell(row.effective_from, _("In force from"), "time"),
            Cell(AgreementAcceptance.objects.filter(agreement=row).count(), _("Accepted by"), "num"),
        ],
    }
    return desk.show("agreement", row.title, context)
