"""Every list of the desk: tabs, search, filters, saved filters, columns, pages, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.console.cells import Extra, table_html
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.inputs import checks_html, input_html
from tongdao.faces.console.tables import address, pager, place_of, tabs
from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.shapes import Action, Choice
from tongdao.faces.lists.filters import Choice as Choices
from tongdao.faces.lists.filters import Field, Options
from tongdao.faces.lists.models import ListChoice, SavedFilter
from tongdao.faces.lists.operations import choose_columns, open_with, remove_filter, save_filter
from tongdao.faces.lists.paging import Slice
from tongdao.faces.lists.reading import choice_of, items_of, kept_filters
from tongdao.faces.lists.refusals import NothingToDo
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import ListSpec
from tongdao.faces.lists.wanted import page_of, readable, typed
from tongdao.foundation.reading import gather, read

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
    wanted = typed(spec, query)
    choice, kept, *options = read(
        gather(
            choice_of(spec, desk.person_id),
            kept_filters(spec, desk.person_id),
            *(each.ask() for each in _own(spec)),
        )
    )
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
        "columns": _column_checks(spec.noun, tuple(each.key for each in columns), get_language()),
        "actions": [*actions, *_export(desk, spec, wanted)],
        "empty": empty,
        **_filters(spec, wanted, wrong, base, choice, options),
        **_kept(desk, kept, wanted, choice, base),
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
    spec: ListSpec,
    wanted: Mapping[str, str],
    wrong: Mapping[str, str],
    base: str,
    choice: ListChoice,
    options: Sequence[Options],
) -> dict[str, object]:
    """The tabs, the search box, and all other inputs; those that cannot be read say why."""
    tabbed = _tabbed(spec)
    drawn = dict(_fixed_fields(spec.noun, get_language()))
    for each, known in zip(_own(spec), options, strict=True):
        field = each.field(known)
        drawn[each.key] = [(field, input_html(field, ""))]
    fields = [pair for each in spec.filters if each is not tabbed for pair in drawn[each.key]]
    sort = spec.sort(wanted).key
    inputs = [
        input_html(field, value, why) if (value or why) else empty
        for field, empty in fields
        for value, why in [(wanted.get(field.param, ""), wrong.get(field.param, ""))]
    ]
    kept = {param: value for param, value in wanted.items() if param != spec.tabs}
    first = 1 if fields[0][0].param == "q" else 0
    return {
        "views": _tabs(
            spec.noun,
            base,
            wanted.get(spec.tabs, ""),
            tuple(kept.items()),
            ALL if choice.opens_with_id else "",
            get_language(),
        ),
        "tabbed": (spec.tabs, wanted.get(spec.tabs, "")),
        "first": SafeString("".join(inputs[:first])),  # as the inputs are
        "inputs": SafeString("".join([*inputs[first:], _sort_input(spec.noun, sort, get_language())])),
        "used": sum(bool(wanted.get(field.param)) for field, _empty in fields[first:]),
        "sort": sort,
        "wrong": wrong,
    }


def _tabbed(spec: ListSpec) -> Choices | None:
    """The filter that stands above the list."""
    return next((each for each in spec.filters if each.key == spec.tabs and isinstance(each, Choices)), None)


def _own(spec: ListSpec) -> list[Choices]:
    """The filters whose options are the merchant's own."""
    return [each for each in spec.filters if isinstance(each, Choices) and not each.fixed]


# What is the same for all who read a language is drawn once: looking its words up costs more than drawing it.


@lru_cache(maxsize=1024)
def _fixed_fields(noun: str, language: str) -> Mapping[str, Sequence[tuple[Field, SafeString]]]:
    """By filter its inputs, and how each is drawn while nothing is typed."""
    spec = LISTS[noun]
    own = {each.key for each in _own(spec)}
    fixed = [each for each in spec.filters if each.key not in own]
    return {each.key: [(field, input_html(field, "")) for field in each.fields()] for each in fixed}


@lru_cache(maxsize=1024)
def _tabs(
    noun: str, base: str, current: str, kept: tuple[tuple[str, str], ...], all_by: str, language: str
) -> SafeString:
    """One tab for each code of the filter that the list names, and one for all rows.

    `kept`: what else is wanted. `all_by`: the parameter that says all where the list opens with something.
    """
    tabbed = _tabbed(LISTS[noun])
    if tabbed is None:
        return SafeString()
    rest = dict(kept)
    first = tabs(base, tabbed.key, {"": _("All")}, current, rest or ({all_by: "1"} if all_by else {}))
    others = tabs(base, tabbed.key, dict(tabbed.known()), current, rest)
    return render_to_string("kit/tabs.html", {"items": [*first, *others], "label": _("By state")})


@lru_cache(maxsize=1024)
def _sort_input(noun: str, chosen: str, language: str) -> SafeString:
    keys = [(sort.key, str(sort.label)) for sort in LISTS[noun].sorts]
    return input_html(Field("sort", _("Sort by"), "select", keys), chosen)


@lru_cache(maxsize=1024)
def _column_checks(noun: str, chosen: tuple[str, ...], language: str) -> SafeString:
    """A tick box for each column; the first is always shown."""
    first = LISTS[noun].columns[0]
    return checks_html(
        "column",
        (
            Choice(each.key, str(each.label), each.key in chosen, each is first)
            for each in LISTS[noun].columns
        ),
    )


def _kept(
    desk: Desk, rows: Sequence[SavedFilter], wanted: Mapping[str, str], choice: ListChoice, base: str
) -> dict[str, object]:
    """Saved filters as chips; the one that stands now can be opened with or deleted."""
    now = next((row for row in rows if row.wanted == wanted and wanted), None)
    return {
        "kept": [_chip(row, row is now, base) for row in rows],
        "now": now,
        "opens": bool(now and choice.opens_with_id == now.id),
        "may_remove": bool(now and (now.owner_id == desk.person_id or desk.may("staff.manage"))),
    }


def _chip(row: SavedFilter, current: bool, base: str) -> dict[str, object]:
    return {"name": row.name, "shared": row.shared, "url": address(base, row.wanted), "current": current}
