"""Bulk changes: what waits for its moment, what is under way, what was done and can be undone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import BATCH_KINDS, BATCH_STATES, LINE_STATES, rule_words, why
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.tables import address, tabs
from tongdao.faces.console.typed import text, whole
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.goods.editing.models import GoodsBatchLine
from tongdao.goods.editing.operations import cancel_batch, undo_batch
from tongdao.goods.editing.queries import BatchView, batch_lines, batch_view, batches

SIZE = 50
LINES = 100


def show(desk: Desk) -> HttpResponse:
    page = min(whole(text(desk.request.GET, "page", 4)) or 1, 500)
    planned = batches(planned=True, limit=200) if page == 1 else []
    found = batches(planned=False, limit=SIZE + 1, offset=(page - 1) * SIZE)
    base = desk.url("batches")
    names = shown_names([view.batch.staff_id for view in (*planned, *found) if view.batch.staff_id])
    context = {
        "columns": [
            Column(label) for label in (_("What"), _("Goods"), _("State"), _("When"), _("By"), _("Why"))
        ],
        "planned": [_row(desk, view, names) for view in planned],
        "rows": [_row(desk, view, names) for view in found[:SIZE]],
        "previous_url": address(base, {"page": str(page - 1)}) if page > 1 else "",
        "next_url": address(base, {"page": str(page + 1)}) if len(found) > SIZE else "",
        "prices_url": desk.url("bulk_prices") if desk.may("goods.edit") else "",
        "switch_url": desk.url("bulk_switch") if desk.may("goods.edit") else "",
    }
    return desk.show("batches", _("Bulk changes"), context)


def _row(desk: Desk, view: BatchView, names: dict[UUID, str]) -> Row:
    batch = view.batch
    words, tone = BATCH_STATES[batch.state]
    name = f"{BATCH_KINDS[batch.kind]}: {rule_words(batch.kind, batch.rule)}"
    cells = [
        Cell(name, url=desk.url("batch", batch_id=batch.id)),
        Cell(batch.lines, _("Goods"), "num"),
        Cell(str(words), _("State"), "tag", tone=tone),
        Cell(batch.due_at, _("When"), "time"),
        Cell(names.get(batch.staff_id, "—") if batch.staff_id else "—", _("By"), "muted"),
        Cell(batch.note or "—", _("Why"), "muted"),
    ]
    return Row(cells, label=name)


def one(desk: Desk, batch_id: UUID) -> HttpResponse:
    view = batch_view(batch_id)
    batch = view.batch
    shown = text(desk.request.GET, "show", 8)
    shown = shown if shown in LINE_STATES else ""
    page = min(whole(text(desk.request.GET, "page", 4)) or 1, 500)
    lines = batch_lines(batch_id, state=shown, limit=LINES + 1, offset=(page - 1) * LINES)
    here = desk.url("batch", batch_id=batch_id)
    words, tone = BATCH_STATES[batch.state]
    present = [state for state in LINE_STATES if view.counts.get(state)]
    labels = {"": _("All"), **{state: f"{LINE_STATES[state][0]} {view.counts[state]}" for state in present}}
    may = desk.may("goods.edit")
    context = {
        "crumbs": [desk.crumb(_("Bulk changes"), "batches"), desk.crumb(str(BATCH_KINDS[batch.kind]))],
        "view": view,
        "words": str(words),
        "tone": tone,
        "title": f"{BATCH_KINDS[batch.kind]}: {rule_words(batch.kind, batch.rule)}",
        "facts": _facts(view),
        "here": here,
        "views": tabs(here, "show", labels, shown, {}),
        "columns": [
            Column(_("SKU")),
            Column(_("Before"), num=True),
            Column(_("Then"), num=True),
            Column(_("State")),
        ],
        "rows": [_line(desk, line) for line in lines[:LINES]],
        "previous_url": address(here, {"show": shown, "page": str(page - 1)}) if page > 1 else "",
        "next_url": address(here, {"show": shown, "page": str(page + 1)}) if len(lines) > LINES else "",
        "undo_url": desk.url("batch_undo", batch_id=batch_id) if may and batch.state == "done" else "",
        "cancel_url": desk.url("batch_cancel", batch_id=batch_id)
        if may and batch.state == "waiting" and batch.planned
        else "",
        "undoable": view.counts.get("done", 0),
    }
    return desk.show("batch", context["title"], context)


def _facts(view: BatchView) -> list[Cell]:
    batch = view.batch
    names = shown_names([id for id in (batch.staff_id, batch.undone_by) if id])
    facts = [
        Cell(names.get(batch.staff_id, "—") if batch.staff_id else "—", _("By")),
        Cell(batch.created_at, _("Asked for"), "time"),
        Cell(batch.due_at, _("From"), "time"),
    ]
    if batch.note:
        facts.append(Cell(batch.note, _("Why")))
    if batch.undone_by:
        facts.append(Cell(names.get(batch.undone_by, "—"), _("Taken back by")))
    if batch.finished_at:
        facts.append(Cell(batch.finished_at, _("Finished"), "time"))
    return facts


def _line(desk: Desk, line: GoodsBatchLine) -> Row:
    name, words = _name(line), {True: _("Yes"), False: _("No")}
    state, tone = LINE_STATES[line.state]
    shown = f"{state}: {why(line.why)}" if line.why else str(state)
    url = (
        desk.url("sku", product_id=line.product_id, sku_id=line.sku_id)
        if line.sku_id
        else desk.url("product", product_id=line.product_id)
    )
    priced = line.new_fen is not None
    cells = [
        Cell(name, url=url),
        Cell(line.old_fen, _("Before"), "money") if priced else Cell(words[bool(line.old_on)], _("Before")),
        Cell(line.new_fen, _("Then"), "money") if priced else Cell(words[bool(line.new_on)], _("Then")),
        Cell(shown, _("State"), "tag", tone=tone),
    ]
    return Row(cells, label=name)


def _name(line: GoodsBatchLine) -> str:
    if line.sku is None:
        return line.product.title
    return f"{line.product.title} {' · '.join(map(str, line.sku.option_values))}".strip()


def undo(desk: Desk, batch_id: UUID) -> HttpResponse:
    undo_batch(batch_id, actor=desk.actor)
    return desk.done(
        _("It is being put back. What somebody changed since stays."), "batch", batch_id=batch_id
    )


def cancel(desk: Desk, batch_id: UUID) -> HttpResponse:
    cancel_batch(batch_id, actor=desk.actor)
    return desk.done(_("It is cancelled; nothing will change."), "batch", batch_id=batch_id)
