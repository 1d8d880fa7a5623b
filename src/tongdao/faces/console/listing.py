"""Every list of the desk: tabs, search, filters, saved filters, columns, pages, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdao.faces.console.cells import Extra, table_html
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.inputs import checks_html, input_html
from tongdao.faces.console.tables import address, pager, place_of, tabs
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Action, Choice
from tongdao.faces.lists.filters import Field
from tongdao.faces.lists.models import ListChoice, SavedFilter
from tongdao.faces.lists.operations import choose_columns, open_with, remove_filter, save_filter
from tongdao.faces.lists.paging import Slice
from tongdao.faces.lists.reading import choice_of, items_of, kept_filters
from tongdao.faces.lists.refusals import NothingToDo
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import ListSpec
from tongdao.faces.lists.wanted import page_of, readable, typed

ALL = "all"  # a parameter that says: not what I usually open with


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says that holds nothing at all."""

    title: str
    text: str
    icon: str
    label: str = ""
    url: str = ""


def show(
    desk: Desk,
    noun: str,
    empty: Empty,
    *,
    actions: Sequence[Action] = (),
    extra: Extra | None = None,
    template: str = "listing",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """`extra` adds to cells, `template` and `more` to the page."""
    spec, query, base = LISTS[noun], desk.request.GET, desk.url(noun)
    choice, wanted = choice_of(spec, desk.person_id), typed(spec, query)
    if choice.opens_with_id and not query and desk.request.method == "GET":
        return redirect(address(base, _opened(choice)))
    among, wrong = readable(spec, wanted)
    page: Slice[Any] = (
        Slice((), False, False) if wrong else page_of(spec, wanted, place_of(query), rows=among)
    )
    columns = spec.chosen(choice.columns)
    ids = [row.pk for row in page.rows]
    context = {
        "base": base,
        "here": address(base, wanted),
        "wanted": wanted,
        "plain": not wanted,
        "rows": page.rows,
        "table": table_html(desk, spec, columns, items_of(spec, page.rows, columns), extra),
        "pager": pager(
            base, wanted, ids[0] if ids else None, ids[-1] if ids else None, page.newer, page.older
        ),
        "columns": checks_html(
            "column",
            (
                Choice(each.key, str(each.label), each in columns, each is spec.columns[0])
                for each in spec.columns
            ),
        ),
        "actions": [*actions, *_export(desk, spec, wanted)],
        "empty": empty,
        **_filters(spec, wanted, wrong, base, choice),
        **_kept(desk, spec, wanted, choice, base),
        **(more or {}),
    }
    return desk.show(template, spec.title, context)


def act(desk: Desk, noun: str) -> HttpResponse:
    """What its forms do: keep columns, save, open with or delete a filter."""
    spec, posted = LISTS[noun], desk.request.POST
    wanted, base = typed(spec, desk.request.GET), desk.url(noun)
    here = address(base, wanted or {ALL: "1"})
    match text(posted, "do", 12):
        case "columns":
            choose_columns(spec, posted.getlist("column")[: len(spec.columns)], actor=desk.actor)
        case "save":
            name, shared = text(posted, "name", 80), "shared" in posted
            save_filter(spec, name, wanted, shared=shared, actor=desk.actor)
        case "open_with":
            open_with(spec, identifier(text(posted, "filter", 36)), actor=desk.actor)
        case "remove" if found := identifier(text(posted, "filter", 36)):
            remove_filter(found, everybodys=desk.may("staff.manage"), actor=desk.actor)
            here = address(base, {ALL: "1"})
        case _:
            raise NothingToDo()
    return redirect(here)


def _opened(choice: ListChoice) -> dict[str, str]:
    kept = choice.opens_with
    return dict(kept.wanted) or {ALL: "1"} if kept else {ALL: "1"}


def _export(desk: Desk, spec: ListSpec, wanted: Mapping[str, str]) -> list[Action]:
    if not desk.may("lists.export"):
        return []
    url = address(desk.url("export_new"), {"list": spec.noun, **wanted})
    return [Action(_("Export"), url, icon="order")]


def _filters(
    spec: ListSpec, wanted: Mapping[str, str], wrong: Mapping[str, str], base: str, choice: ListChoice
) -> dict[str, object]:
    """The tabs, the search box, and all other inputs; those that cannot be read say why."""
    tabbed = next((each for each in spec.filters if each.key == spec.tabs), None)
    fields = [field for each in spec.filters if each is not tabbed for field in each.fields()]
    keys = [(sort.key, str(sort.label)) for sort in spec.sorts]
    fields.append(Field("sort", _("Sort by"), "select", keys))
    values = {**wanted, "sort": spec.sort(wanted).key}
    inputs = [input_html(each, values.get(each.param, ""), wrong.get(each.param, "")) for each in fields]
    kept = {param: value for param, value in wanted.items() if param != spec.tabs}
    first = 1 if fields[0].param == "q" else 0
    used = sum(bool(wanted.get(each.param)) for each in fields[first:] if each.param != "sort")
    return {
        "views": _tabs(tabbed, spec, wanted, kept, base, choice) if tabbed else [],
        "tabbed": (spec.tabs, wanted.get(spec.tabs, "")),
        "first": SafeString("".join(inputs[:first])),  # as the inputs are
        "inputs": SafeString("".join(inputs[first:])),
        "used": used,
        "sort": values["sort"],
        "wrong": wrong,
    }


def _tabs(
    tabbed: Any,
    spec: ListSpec,
    wanted: Mapping[str, str],
    kept: dict[str, str],
    base: str,
    choice: ListChoice,
) -> list[Any]:
    labels = {"": _("All"), **dict(tabbed.options())}
    all_of_them = kept or ({ALL: "1"} if choice.opens_with_id else {})
    found = tabs(base, spec.tabs, labels, wanted.get(spec.tabs, ""), kept)
    first = tabs(base, spec.tabs, {"": _("All")}, wanted.get(spec.tabs, ""), all_of_them)
    return [*first, *found[1:]]


def _kept(
    desk: Desk, spec: ListSpec, wanted: Mapping[str, str], choice: ListChoice, base: str
) -> dict[str, object]:
    """Saved filters as chips; the one that stands now can be opened with or deleted."""
    rows = kept_filters(spec, desk.person_id)
    now = next((row for row in rows if row.wanted == wanted and wanted), None)
    return {
        "kept": [_chip(row, row is now, base) for row in rows],
        "now": now,
        "opens": bool(now and choice.opens_with_id == now.id),
        "may_remove": bool(now and (now.owner_id == desk.person_id or desk.may("staff.manage"))),
    }


def _chip(row: SavedFilter, current: bool, base: str) -> dict[str, object]:
    return {"name": row.name, "shared": row.shared, "url": address(base, row.wanted), "current": current}
