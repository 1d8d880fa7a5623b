"""Permits of the company: what counts today, what ends soon, and which goods hang on them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import GOODS, HELD, LICENCES
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.papers import GoodsForm, LicenceForm
from tongdao.faces.kit.shapes import Action, Cell, Column, Row, Tone
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import classify_product
from tongdao.party.merchants.models import Licence
from tongdao.party.merchants.operations import add_licence, withdraw_licence
from tongdao.party.merchants.operations.licences import LicenceDraft
from tongdao.party.merchants.queries import ALARMS

MOST = 200  # licences on the page: more than any company has


def show(desk: Desk) -> HttpResponse:
    day = beijing_day(clock.now())
    order = (F("withdrawn_at").asc(nulls_first=True), "kind", "-valid_from")
    found = list(Licence.objects.order_by(*order)[:MOST])
    names = (_("Kind"), _("Licence number"), _("Holder"), _("From"), _("Until"), _("State"))
    context = {
        "intro": _("Goods that need a licence are sold only while one is valid. Buyers see the valid ones."),
        "columns": [Column(name) for name in names],
        "rows": [_row(desk, row, day) for row in found],
        "count": len(found),
        "actions": [Action(_("Enter a licence"), desk.url("licence_new"), kind="primary", icon="plus")],
        "empty_title": _("No licences yet"),
        "empty_text": _("Food, drugs, medical devices and books need one before they can be sold."),
        "empty_icon": "shield",
    }
    return desk.show("list_page", _("Licences"), context)


def _row(desk: Desk, row: Licence, day: date) -> Row:
    words, tone = _state(row, day)
    url = "" if row.withdrawn_at else desk.url("licence_withdraw", licence_id=row.id)
    name = str(LICENCES.get(row.kind, row.kind))
    cells = [
        Cell(name, url=url),
        Cell(row.number, _("Licence number")),
        Cell(row.holder, _("Holder")),
        Cell(row.valid_from.isoformat(), _("From"), "muted"),
        Cell(row.valid_until.isoformat() if row.valid_until else _("no end"), _("Until"), "muted"),
        Cell(words, _("State"), "tag", tone=tone),
    ]
    return Row(cells, label=name)


def _state(row: Licence, day: date) -> tuple[str, Tone]:
    if row.withdrawn_at:
        return _("Withdrawn"), ""
    if row.valid_from > day:
        return _("Not yet valid"), ""
    left = (row.valid_until - day).days if row.valid_until else None
    if left is None or left > ALARMS[-1]:
        return _("Valid"), "success"
    if left < 0:
        return _("Expired"), "error"
    return _("Days left: %(days)s") % {"days": left}, "waiting" if left > ALARMS[0] else "error"


def new(desk: Desk) -> HttpResponse:
    crumbs = [desk.crumb(_("Licences"), "licences"), desk.crumb(_("Enter a licence"))]
    form = desk.blank(LicenceForm)
    return desk.show(
        "paper_form", _("Enter a licence"), {"crumbs": crumbs, "form": form, "button": _("Save")}
    )


def create(desk: Desk) -> HttpResponse:
    typed = desk.read(LicenceForm(desk.request.POST)).cleaned_data
    row = add_licence(LicenceDraft(**typed), actor=desk.actor)
    return desk.done(
        _("%(number)s is entered. Goods that waited for it go on sale.") % {"number": row.number}, "licences"
    )


def confirm(desk: Desk, licence_id: UUID) -> HttpResponse:
    row = Licence.objects.filter(pk=licence_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound()
    hanging = Sku.objects.filter(product__licence_kind=row.kind, saleable=True).count()
    context = {
        "crumbs": [desk.crumb(_("Licences"), "licences"), desk.crumb(row.number)],
        "effects": [
            _("%(number)s counts no more, from now on.") % {"number": row.number},
            _("SKUs on sale that need such a licence: %(count)s. Without another they stop within a minute.")
            % {"count": hanging},
            _("Orders that were placed go on."),
        ],
        "button": _("Withdraw"),
        "back": desk.url("licences"),
    }
    return desk.show("confirm", _("Withdraw %(name)s") % {"name": row.number}, context)


def withdraw(desk: Desk, licence_id: UUID) -> HttpResponse:
    row = withdraw_licence(licence_id, actor=desk.actor)
    return desk.done(_("%(number)s counts no more.") % {"number": row.number}, "licences")


def goods(desk: Desk, product_id: UUID) -> HttpResponse:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    held = Sku.objects.filter(product=product).exclude(held_for="").values_list("held_for", flat=True).first()
    initial = {"category": product.category, "registration_no": product.registration_no}
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Kind of goods")),
        ],
        "form": desk.blank(GoodsForm, initial=initial),
        "held": HELD.get(held or "", ""),
    }
    return desk.show("goods", _("Kind of goods"), context)


def classify(desk: Desk, product_id: UUID) -> HttpResponse:
    typed = desk.read(GoodsForm(desk.request.POST)).cleaned_data
    product = classify_product(product_id, actor=desk.actor, **typed)
    if Sku.objects.filter(product=product).exclude(held_for="").exists():
        text = _("Saved. It is held back until its licence or its number is there.")
    else:
        text = _("Saved: %(kind)s.") % {"kind": GOODS[product.category]}
    return desk.done(text, "product", product_id=product.id)
