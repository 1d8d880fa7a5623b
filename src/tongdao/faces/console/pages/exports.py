"""Lists taken away as files: what it will hold, how far it is, the file."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.tables import address
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import EXPORT_STATES, state
from tongdao.faces.kit.shapes import Cell, Choice
from tongdao.faces.lists.operations import cancel_export, queue_export, take_export
from tongdao.faces.lists.operations.exporting import export_for
from tongdao.faces.lists.queries import ExportView, view_of
from tongdao.faces.lists.reading import choice_of
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import ListSpec
from tongdao.faces.lists.wanted import readable, typed
from tongdao.foundation.reading import read
from tongdao.foundation.refusals import NotFound

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def new(desk: Desk) -> HttpResponse:
    """What the file will hold, in numbers; nothing is done yet."""
    spec = _list(desk)
    wanted = typed(spec, desk.request.GET)
    among, wrong = readable(spec, wanted)
    rows = 0 if wrong else among.count()
    shown = spec.chosen(read(choice_of(spec, desk.person_id)).columns)
    back = address(desk.url(spec.noun), wanted)
    context = {
        "crumbs": [desk.crumb(spec.title, spec.noun), desk.crumb(_("Export"))],
        "here": address(desk.url("export_new"), {"list": spec.noun, **wanted}),
        "back": back,
        "effects": _effects(spec, wanted, rows),
        "columns": [Choice(c.key, str(c.label), c in shown, c is spec.columns[0]) for c in spec.columns],
        "formats": [Choice("csv", _("CSV, for any program")), Choice("xlsx", _("XLSX, for Excel and WPS"))],
        "format": text(desk.request.POST, "format", 4) or "csv",
        "may_unmask": desk.may("lists.unmask") and any(column.mask for column in spec.columns),
        "cannot": bool(wrong),
    }
    return desk.show("export", _("Export %(list)s") % {"list": spec.title}, context)


def _list(desk: Desk) -> ListSpec:
    """The list that is asked for, or the first that this desk sees. Raises NotFound or NotAllowed."""
    noun = text(desk.request.GET, "list", 16)
    seen = next((spec for spec in LISTS.values() if desk.may(spec.need)), None)
    spec = LISTS.get(noun) if noun else seen
    if spec is None:
        raise NotFound()
    desk.require(spec.need)
    return spec


def _effects(spec: ListSpec, wanted: Mapping[str, str], rows: int) -> list[str]:
    count = ngettext("%(count)s row goes into the file.", "%(count)s rows go into the file.", rows)
    labels = {field.param: field for each in spec.filters for field in each.fields()}
    told = [count % {"count": f"{rows:,}"}]
    for param, value in wanted.items():
        if param in labels:
            words = dict(labels[param].options).get(value, value)
            told.append(f"{labels[param].label}: {words}")
    told.append(_("It is written in the background and kept for three days. That it was made is on record."))
    return told


def create(desk: Desk) -> HttpResponse:
    spec, posted = _list(desk), desk.request.POST
    run = queue_export(
        spec,
        typed(spec, desk.request.GET),
        columns=posted.getlist("column")[: len(spec.columns)],
        file_format=text(posted, "format", 4),
        unmasked="unmasked" in posted,
        actor=desk.actor,
    )
    return redirect(desk.url("job", export_id=run.id))


def one(desk: Desk, export_id: UUID) -> HttpResponse:
    """While it is written the page asks for itself again; htmx swaps only the part that changes."""
    view = view_of(export_for(export_id, actor=desk.actor))
    words, tone = state(EXPORT_STATES, view.state)
    title = LISTS[view.noun].title
    context = {
        "crumbs": [desk.crumb(_("Jobs"), "jobs"), desk.crumb(title)],
        "run": view,
        "words": words,
        "tone": tone,
        "facts": _facts(view),
        "here": desk.url("job", export_id=export_id),
        "cancel_url": desk.url("job_cancel", export_id=export_id),
        "file_url": desk.url("job_file", export_id=export_id),
        "again_url": address(desk.url("export_new"), {"list": view.noun, **view.wanted}),
    }
    return desk.show("job", _("Export %(list)s") % {"list": title}, context)


def _facts(view: ExportView) -> list[Cell]:
    who = shown_names([view.person_id]).get(view.person_id, _("Somebody"))
    facts = [
        Cell(view.format.upper(), _("Kind of file")),
        Cell(f"{view.done_rows:,} / {view.total_rows:,}", _("Rows")),
        Cell(_("in full") if view.unmasked else _("hidden in part"), _("Names, phones, addresses")),
        Cell(who, _("Asked for by")),
        Cell(view.created_at, _("When"), "time"),
    ]
    if view.state == "done":
        facts.append(Cell(f"{max(view.size_bytes // 1024, 1):,} KB", _("Size")))
        facts.append(Cell(view.expires_at, _("Kept until"), "time"))
    return facts


def cancel(desk: Desk, export_id: UUID) -> HttpResponse:
    cancel_export(export_id, actor=desk.actor)
    return desk.done(_("The export is cancelled."), "job", export_id=export_id)


def file(desk: Desk, export_id: UUID) -> HttpResponse:
    """The file itself; never opened in the browser."""
    run, path = take_export(export_id, actor=desk.actor)
    view = view_of(run)
    if view.format not in TYPES:
        raise NotFound()
    content = FileResponse(path.open("rb"), as_attachment=True, filename=view.file_name)
    content["Content-Type"] = TYPES[view.format]
    return content  # type: ignore[return-value]  # streamed; the guard passes it on as it is
