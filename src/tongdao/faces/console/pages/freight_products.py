"""Which products are sent under a template of their own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.freight import MOST, SentProduct, sent_products
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.goods.editing.refusals import NothingChosen
from tongdao.terms.agreements.operations import assign_products
from tongdao.terms.agreements.queries import template_record


def show(desk: Desk, template_id: UUID) -> HttpResponse:
    record = template_record(template_id)
    title = text(desk.request.GET, "q", 80)
    products, more = sent_products(template_id, title=title)
    context = {
        "crumbs": [
            desk.crumb(_("Freight"), "freight"),
            desk.crumb(record.row.name, "freight_template", template_id=template_id),
            desk.crumb(_("Products")),
        ],
        "record": record,
        "q": title,
        "more": more,
        "base": desk.url("freight_products", template_id=template_id),
        "columns": [Column(_("Product")), Column(_("Sent under"))],
        "rows": [_row(product) for product in products],
    }
    return desk.show("freight_products", _("Products sent under it"), context)


def _row(product: SentProduct) -> Row:
    own = Cell(product.template, _("Sent under"), "tag", tone="success" if product.here else "")
    default = Cell(_("the default"), _("Sent under"), "muted")
    cells = [Cell(product.title), own if product.template else default]
    return Row(cells, pick=str(product.product_id), label=product.title)


def act(desk: Desk, template_id: UUID) -> HttpResponse:
    ticked = [identifier(value) for value in desk.request.POST.getlist("product")[:MOST]]
    products = [product_id for product_id in ticked if product_id is not None]
    if not products:
        raise NothingChosen()
    template_record(template_id)
    away = desk.request.POST.get("to") == "default"
    changed = assign_products(None if away else template_id, products, actor=desk.actor)
    done = ngettext(
        "%(changed)d product is sent otherwise from now on.",
        "%(changed)d products are sent otherwise from now on.",
        changed,
    )
    return desk.done(done % {"changed": changed}, "freight_products", template_id=template_id)
