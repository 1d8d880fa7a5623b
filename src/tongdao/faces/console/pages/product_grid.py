"""All SKUs of a product as one grid: typed through by keyboard, filled by column, saved at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.grid import (
    LABELS,
    NUMBERS,
    ORDER,
    Typed,
    fill,
    read_edits,
    read_was,
    rows_shown,
    stood,
    told,
    typed_in,
    write_was,
    written,
)
from tongdao.faces.console.notices import Notice, notice_of
from tongdao.faces.console.reading.product_record import ProductRecord, product_record
from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.refusals import Refusal
from tongdao.goods.editing.operations.matrix import save_skus
from tongdao.goods.editing.refusals import SkusChanged, SkusInvalid

Wrong = Mapping[tuple[UUID, str], str]


def show(desk: Desk, product_id: UUID) -> HttpResponse:
    record = product_record(product_id)
    now = stood(record.lines)
    typed = {id: {name: written(name, value) for name, value in row.items()} for id, row in now.items()}
    return _page(desk, record, typed, now, {})


def save(desk: Desk, product_id: UUID) -> HttpResponse:
    """`fill` puts a value into many cells and saves nothing yet."""
    posted = desk.request.POST
    with desk.scope():
        record = product_record(product_id)
    typed, was = typed_in(posted, [line.sku.id for line in record.lines]), read_was(posted)
    if "fill" in posted:
        filled = fill(typed, posted, record.lines)
        desk.notice = _filled(filled)
        return _again(desk, product_id, typed, was, {}, 200)
    edits, wrong = read_edits(typed, was)
    if wrong:
        refusal: Refusal = SkusInvalid()
        desk.notice = notice_of(refusal)
        return _again(desk, product_id, typed, was, wrong, refusal.status)
    try:
        with desk.scope():
            changed = save_skus(product_id, edits, actor=desk.actor)
    except (SkusInvalid, SkusChanged) as error:
        desk.notice = notice_of(error)
        cells = error.details["cells"]
        for cell in cells:  # whoever saves again has seen what stands there
            if error.code == SkusChanged.code:
                was[UUID(cell["sku_id"])][cell["field"]] = cell["now"]
        return _again(desk, product_id, typed, was, told(cells), error.status)
    text = ngettext("%(count)d SKU was changed.", "%(count)d SKUs were changed.", changed)
    return desk.done(text % {"count": changed}, "product_grid", product_id=product_id)


def _filled(count: int) -> Notice:
    text = ngettext("%(count)d cell was filled", "%(count)d cells were filled", count) % {"count": count}
    return Notice(text, _("Nothing is saved yet: look at it, then save."), tone="info")


def _again(
    desk: Desk,
    product_id: UUID,
    typed: Typed,
    was: Mapping[UUID, Mapping[str, Any]],
    wrong: Wrong,
    status: int,
) -> HttpResponse:
    with desk.scope():
        response = _page(desk, product_record(product_id), typed, was, wrong)
    response.status_code = status
    return response


def _page(
    desk: Desk, record: ProductRecord, typed: Typed, was: Mapping[UUID, Mapping[str, Any]], wrong: Wrong
) -> HttpResponse:
    product = record.product
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Grid of SKUs")),
        ],
        "heads": [(name, str(LABELS[name]), name in NUMBERS) for name in ORDER],
        "rows": rows_shown(record.lines, typed, wrong, product.title),
        "was": write_was(was),
        "wheres": _wheres(record),
        "options_url": desk.url("product_options", product_id=product.id),
        "pictures_url": desk.url("product_pictures", product_id=product.id),
        "errors": len(wrong),
    }
    return desk.show("product_grid", _("Grid of SKUs"), context)


def _wheres(record: ProductRecord) -> list[Choice]:
    """All rows, or those with one value of an option."""
    found = [Choice("", _("All SKUs"))]
    for place, name in enumerate(record.product.option_names):
        values = dict.fromkeys(
            str(line.sku.option_values[place]) for line in record.lines if len(line.sku.option_values) > place
        )
        found += [Choice(f"{place}:{value}", f"{name}: {value}") for value in values]
    return found
