"""All long work with how far it is: exports, imports."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.work import Work, work_for
from tongdao.faces.console.words import EXPORT_STATES, IMPORT_STATES, state
from tongdao.faces.kit.shapes import Cell, Column, Row

STATES = {"export": EXPORT_STATES, "import": IMPORT_STATES}


def show(desk: Desk) -> HttpResponse:
    found = work_for(desk.rights)
    columns = [Column(_("What")), Column(_("Kind")), Column(_("When")), Column(_("State"))]
    context = {
        "columns": [*columns, Column(_("Done"), num=True), Column(_("Rows"), num=True)],
        "rows": [_row(desk, work) for work in found],
        "running": any(work.state in ("queued", "running") for work in found),
        "here": desk.url("jobs"),
    }
    return desk.show("jobs", _("Jobs"), context)


def _row(desk: Desk, work: Work) -> Row:
    kinds = {"export": _("Export"), "import": _("Import")}
    words, tone = state(STATES[work.kind], work.state)
    cells = [
        Cell(work.what, url=desk.url(work.page, **work.parts)),
        Cell(kinds[work.kind], _("Kind")),
        Cell(work.at, _("When"), "time"),
        Cell(words, _("State"), "tag", tone=tone),
        Cell(f"{work.percent}%", _("Done"), "num"),
        Cell(f"{work.result:,}", _("Rows"), "num"),
    ]
    return Row(cells, label=work.what)
