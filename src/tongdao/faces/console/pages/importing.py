"""Bringing products in from a file: a preview first, then for good, in the background, with its result."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import NOUNS, why
from tongdao.faces.console.words import IMPORT_STATES, state
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.foundation.refusals import BadInput
from tongdao.goods.intake.operations import confirm_import, queue_import
from tongdao.goods.intake.queries import RunView, import_run, import_runs, kept_rows
from tongdao.goods.intake.report import Counts
from tongdao.party.merchants.models import Merchant


class FileMissing(BadInput):
    """No file was chosen. Nothing was imported; choose a CSV file and send it again."""


def show(desk: Desk) -> HttpResponse:
    context = {
        "columns": [
            Column(_("File")),
            Column(_("When")),
            Column(_("State")),
            Column(_("Products"), num=True),
            Column(_("Problems"), num=True),
        ],
        "rows": [_row(desk, run) for run in import_runs()],
        "file_url": desk.url("products_file"),
    }
    return desk.show("imports", _("Import products"), context)


def _row(desk: Desk, run: RunView) -> Row:
    words, tone = _words(run)
    cells = [
        Cell(run.file_name, url=desk.url("import", run_id=run.id)),
        Cell(run.created_at, _("When"), "time"),
        Cell(words, _("State"), "tag", tone=tone),  # type: ignore[arg-type]  # a tone of the table
        Cell(run.report.counts.products, _("Products"), "num"),
        Cell(run.report.problem_total, _("Problems"), "num"),
    ]
    return Row(cells, label=run.file_name)


def _words(run: RunView) -> tuple[str, str]:
    if run.dry_run and run.state == "done":
        return _("Preview"), ""
    return state(IMPORT_STATES, run.state)


def upload(desk: Desk) -> HttpResponse:
    """`now` imports at once; else it is a preview that changes nothing."""
    file = desk.request.FILES.get("file")
    if file is None:
        raise FileMissing()
    currency = Merchant.objects.values_list("currency", flat=True).get(pk=desk.merchant_id)
    run = queue_import(
        desk.merchant_id,
        cast(BinaryIO, file),
        file_name=(file.name or "products.csv")[-120:],
        currency=currency,
        dry_run="now" not in desk.request.POST,
        actor=desk.actor,
    )
    return redirect(desk.url("import", run_id=run.id))


def one(desk: Desk, run_id: UUID) -> HttpResponse:
    """While it runs the page asks for itself again; htmx swaps only the part that changes."""
    run = import_run(run_id)
    words, tone = _words(run)
    title = _("Preview of %(file)s") if run.dry_run else _("Import of %(file)s")
    context = {
        "crumbs": [desk.crumb(_("Import"), "imports"), desk.crumb(run.file_name)],
        "run": run,
        "running": run.state in ("queued", "running"),
        "undo_url": desk.url("import_undo", run_id=run_id) if run.undo_until else "",
        **_kept(desk, run),
        "words": words,
        "tone": tone,
        "count_columns": [
            Column(""),
            *(Column(head, num=True) for head in (_("Created"), _("Changed"), _("As before"))),
        ],
        "counts": _counts(run.report.counts),
        "problem_columns": [Column(_("Line")), Column(_("Column")), Column(_("What is wrong"))],
        "problems": [
            Row(
                [
                    Cell(each.line),
                    Cell(each.column or "—", _("Column"), "muted"),
                    Cell(each.message, _("What is wrong")),
                ]
            )
            for each in run.report.in_order
        ],
        "more": run.report.problem_total - len(run.report.problems),
        "here": desk.url("import", run_id=run.id),
        "imports_url": desk.url("imports"),
        "products_url": desk.url("products"),
    }
    return desk.show("import", title % {"file": run.file_name}, context)


def _kept(desk: Desk, run: RunView) -> dict[str, object]:
    """What an import that was taken back left as it is, and why."""
    if run.undo_percent is None:
        return {}
    rows, total = kept_rows(run.id)
    return {
        "kept_total": total,
        "kept_columns": [Column(_("Product")), Column(_("What")), Column(_("Why"))],
        "kept": [
            Row(
                [
                    Cell(each.title, url=desk.url("product", product_id=each.product_id)),
                    Cell(str(NOUNS[each.noun]), _("What")),
                    Cell(why(each.why), _("Why")),
                ]
            )
            for each in rows
        ],
    }


def go(desk: Desk, run_id: UUID) -> HttpResponse:
    """Import what the preview showed."""
    run = confirm_import(desk.merchant_id, run_id, actor=desk.actor)
    return redirect(desk.url("import", run_id=run.id))


def _counts(counts: Counts) -> list[Row]:
    """What was or would be created, changed and left, for products and SKUs; then what else changed."""
    products = (counts.products_created, counts.products_updated, counts.products_unchanged)
    skus = (counts.skus_created, counts.skus_updated, counts.skus_unchanged)
    heads = (_("Created"), _("Changed"), _("As before"))
    return [
        Row([Cell(label), *(Cell(many, head, "num") for many, head in zip(figures, heads, strict=True))])
        for label, figures in ((_("Products"), products), (_("SKUs"), skus))
    ]
