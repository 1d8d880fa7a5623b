"""Freight templates: which there are, one with its rules, what it would cost."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.freight import TemplateForm, TrialForm
from tongdao.faces.console.typed import whole
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.foundation.ids import uuid7
from tongdao.terms.agreements.freight import FreightItem, freight
from tongdao.terms.agreements.operations import (
    RuleDraft,
    archive_template,
    change_template,
    create_template,
    set_default,
)
from tongdao.terms.agreements.queries import TemplateRecord, read_template, template_record, template_records


def show(desk: Desk) -> HttpResponse:
    add_url = desk.url("freight_new")
    context = {
        "columns": [
            Column(_("Template")),
            Column(_("Own rules"), num=True),
            Column(_("Everywhere else")),
            Column(_("Products")),
        ],
        "rows": [_row(desk, record) for record in template_records()],
        "actions": [Action(_("New template"), add_url, kind="primary", icon="plus")],
        "add_url": add_url,
    }
    return desk.show("freight", _("Freight"), context)


def _row(desk: Desk, record: TemplateRecord) -> Row:
    rules = record.draft.rules
    rest = next((rule for rule in rules if not rule.prefixes), None)
    default = Cell(_("All others"), _("Products"), "tag", tone="success")
    cells = [
        Cell(record.row.name, url=desk.url("freight_template", template_id=record.row.id)),
        Cell(sum(1 for rule in rules if rule.prefixes), _("Own rules"), "num"),
        Cell(_price(rest), _("Everywhere else")),
        default if record.row.is_default else Cell(record.product_count, _("Products")),
    ]
    return Row(cells, label=record.row.name)


def _price(rule: RuleDraft | None) -> str:
    """What the first weight costs, in a word or two."""
    if rule is None or rule.not_served:
        return _("Not delivered")
    price = f"¥{yuan(rule.first_fee_fen)}"
    if rule.free_from_fen is None:
        return _("from %(price)s") % {"price": price}
    return _("from %(price)s, free from ¥%(goods)s") % {"price": price, "goods": yuan(rule.free_from_fen)}


def new(desk: Desk) -> HttpResponse:
    title = _("New template")
    context = {
        "crumbs": [desk.crumb(_("Freight"), "freight"), desk.crumb(title)],
        "form": desk.blank(TemplateForm),
        "record": None,
    }
    return desk.show("freight_template", title, context)


def create(desk: Desk) -> HttpResponse:
    reshaped = _reshaped(desk)
    if reshaped:
        desk.form = reshaped
        return new(desk)
    form = desk.read(TemplateForm(desk.request.POST))
    row = create_template(form.draft(), actor=desk.actor)
    return desk.done(_("The template is in use now."), "freight_template", template_id=row.id)


def one(desk: Desk, template_id: UUID) -> HttpResponse:
    record = template_record(template_id)
    row = record.row
    form = desk.form if isinstance(desk.form, TemplateForm) else None
    places = [prefix for rule in record.draft.rules for prefix in rule.prefixes]
    typed = desk.request.GET if "to" in desk.request.GET else {"to": "11", "kg": "1"}
    trial = TrialForm(typed, places=places)
    context = {
        "crumbs": [desk.crumb(_("Freight"), "freight"), desk.crumb(row.name)],
        "form": form or TemplateForm(draft=record.draft, version=row.version),
        "record": record,
        "trial": trial,
        "answer": _answer(trial, template_id),
        "urls": {
            name: desk.url(f"freight_{name}", template_id=row.id)
            for name in ("template", "default", "archive", "products")
        },
    }
    return desk.show("freight_template", row.name, context)


def change(desk: Desk, template_id: UUID) -> HttpResponse:
    reshaped = _reshaped(desk)
    if reshaped:
        desk.form = reshaped
        return one(desk, template_id)
    form = desk.read(TemplateForm(desk.request.POST))
    seen = form.cleaned_data["version"]
    change_template(template_id, form.draft(), seen_version=seen, actor=desk.actor)
    done = _("Saved. It holds for orders from now on.")
    return desk.done(done, "freight_template", template_id=template_id)


def _reshaped(desk: Desk) -> TemplateForm | None:
    """The form with a row more or less, when that is what was asked for."""
    add, remove = "add" in desk.request.POST, whole(desk.request.POST.get("remove", ""))
    return TemplateForm(desk.request.POST).reshaped(add, remove) if add or remove is not None else None


def _answer(trial: TrialForm, template_id: UUID) -> str:
    """What the consignment would cost under the template as it is saved."""
    if not trial.is_valid():
        return ""
    typed = trial.cleaned_data
    item = FreightItem(uuid7(), uuid7(), 1, typed["kg"], 0, typed["goods"] or 0)
    quote = freight([item], typed["to"].ljust(6, "0"), read_template(template_id))
    if quote.unserved:
        return _("Nothing is delivered there.")
    if not quote.total_fen:
        return _("It goes free.")
    parcels = ngettext("%(count)d parcel", "%(count)d parcels", quote.parcel_count)
    return f"¥{yuan(quote.total_fen)} · {parcels % {'count': quote.parcel_count}}"


def make_default(desk: Desk, template_id: UUID) -> HttpResponse:
    set_default(template_id, actor=desk.actor)
    done = _("All products without a template of their own are sent under this one now.")
    return desk.done(done, "freight_template", template_id=template_id)


def archive(desk: Desk, template_id: UUID) -> HttpResponse:
    archive_template(template_id, actor=desk.actor)
    return desk.done(_("The template is out of use. Placed orders keep their freight."), "freight")
