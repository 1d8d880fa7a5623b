"""Prices of many SKUs by one rule, at once or from a moment on: first a preview, then for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.faces.console.choosing import Chosen, chosen_goods, scopes
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.bulk import BulkPriceForm, rule_of
from tongdao.faces.console.goods_words import why
from tongdao.faces.console.notices import FormWrong, notice_of
from tongdao.faces.console.typed import text
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.foundation.refusals import Refusal
from tongdao.goods.editing.choosing import Line, Preview, preview_prices
from tongdao.goods.editing.models import BatchKind
from tongdao.goods.editing.operations import begin_batch, check_due, check_rule, run_batch
from tongdao.goods.editing.refusals import PreviewStale

SHOWN = 200  # lines of the preview on the page


def show(desk: Desk) -> HttpResponse:
    return _page(desk, BulkPriceForm(), chosen_goods(desk.request.GET), None)


def act(desk: Desk) -> HttpResponse:
    form, chosen = BulkPriceForm(desk.request.POST), chosen_goods(desk.request.POST)
    try:
        preview, due = _preview(desk, form, chosen)
        if text(desk.request.POST, "step", 8) != "do":
            with desk.scope():
                return _page(desk, form, chosen, preview)
        return _begin(desk, form, preview, due)
    except PreviewStale as refusal:
        desk.notice = notice_of(refusal)
        with desk.scope():
            response = _page(desk, form, chosen, preview)
    except Refusal as refusal:
        desk.notice = notice_of(refusal)
        with desk.scope():
            response = _page(desk, form, chosen, None)
        response.status_code = refusal.status
        return response
    response.status_code = PreviewStale.status
    return response


def _preview(desk: Desk, form: BulkPriceForm, chosen: Chosen) -> tuple[Preview, datetime | None]:
    if not form.is_valid():
        raise FormWrong(form)
    due = form.cleaned_data["due_at"]
    at = check_due(due) if due else None
    rule = check_rule(rule_of(form.cleaned_data))
    with desk.scope():
        products, skus = chosen.ids()
        return preview_prices(rule, products=products, skus=skus, at=at), at


def _begin(desk: Desk, form: BulkPriceForm, preview: Preview, due: datetime | None) -> HttpResponse:
    with desk.scope():
        batch = begin_batch(
            BatchKind.PRICE,
            preview,
            seen=text(desk.request.POST, "seen", 64),
            rule=rule_of(form.cleaned_data).as_json(),
            note=form.cleaned_data["note"],
            due_at=due,
            actor=desk.actor,
        )
    if due is None:
        run_batch(desk.merchant_id, batch.id, most=2)  # the sweep does the rest
    return redirect(desk.url("batch", batch_id=batch.id))


def _page(desk: Desk, form: BulkPriceForm, chosen: Chosen, preview: Preview | None) -> HttpResponse:
    context = {
        "crumbs": [desk.crumb(_("Products"), "products"), desk.crumb(_("Change prices"))],
        "form": form,
        "chosen": chosen,
        "scopes": scopes(chosen),
        "preview": preview,
        "columns": [
            Column(_("SKU")),
            Column(_("Now"), num=True),
            Column(_("Then"), num=True),
            Column(_("Crossed out"), num=True),
            Column(_("Left out because")),
        ],
        "rows": [_row(desk, line) for line in _first(preview)] if preview else [],
        "hidden": max(len(preview.lines) - SHOWN, 0) if preview else 0,
    }
    return desk.show("bulk_prices", _("Change prices"), context)


def _first(preview: Preview) -> list[Line]:
    """What is left out is seen first."""
    return [*preview.refused, *preview.changing][:SHOWN]


def _row(desk: Desk, line: Line) -> Row:
    name = f"{line.title} · {line.name}" if line.name else line.title
    crossed = line.new_compare_fen
    cells = [
        Cell(name, url=desk.url("sku", product_id=line.product_id, sku_id=_id(line))),
        Cell(line.old_fen, _("Now"), "money"),
        Cell(line.new_fen, _("Then"), "money"),
        Cell(crossed, _("Crossed out"), "money") if crossed else Cell("—", _("Crossed out"), "num"),
        Cell(why(line.refused) if line.refused else "", _("Left out because"), "tag", tone="error")
        if line.refused
        else Cell("", _("Left out because")),
    ]
    return Row(cells, label=name)


def _id(line: Line) -> UUID:
    assert line.sku_id is not None
    return line.sku_id
