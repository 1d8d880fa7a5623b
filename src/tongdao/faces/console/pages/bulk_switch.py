"""Showing or hiding many products, selling or not selling their SKUs: first a preview, then for good."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.console.choosing import Chosen, chosen_goods, scopes
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import why
from tongdao.faces.console.notices import notice_of
from tongdao.faces.console.typed import text
from tongdao.faces.kit.shapes import Cell, Choice, Column, Row
from tongdao.foundation.refusals import Refusal
from tongdao.goods.editing.choosing import Line, Preview, preview_switch
from tongdao.goods.editing.models import BatchKind
from tongdao.goods.editing.operations import begin_batch, run_batch
from tongdao.goods.editing.refusals import NothingChosen

SHOWN = 200
DOES = {
    "show": (gettext_lazy("Put into the shop"), BatchKind.PUBLISH, True),
    "hide": (gettext_lazy("Take out of the shop"), BatchKind.PUBLISH, False),
    "sell": (gettext_lazy("Sell"), BatchKind.SALEABLE, True),
    "stop": (gettext_lazy("Stop selling"), BatchKind.SALEABLE, False),
}


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    chosen, what = chosen_goods(query), _what(query)
    preview = None
    if chosen.products and what:
        preview = _preview(what, chosen)
    return _page(desk, chosen, what, preview)


def act(desk: Desk) -> HttpResponse:
    posted = desk.request.POST
    chosen, what = chosen_goods(posted), _what(posted)
    try:
        with desk.scope():
            preview = _preview(what, chosen)
        if text(posted, "step", 8) != "do":
            with desk.scope():
                return _page(desk, chosen, what, preview)
        _label, kind, on = DOES[what]
        with desk.scope():
            batch = begin_batch(
                kind,
                preview,
                seen=text(posted, "seen", 64),
                rule={"on": on},
                note=text(posted, "note", 120),
                actor=desk.actor,
            )
    except Refusal as refusal:
        desk.notice = notice_of(refusal)
        with desk.scope():
            response = _page(desk, chosen, what, None)
        response.status_code = refusal.status
        return response
    run_batch(desk.merchant_id, batch.id, most=2)
    return redirect(desk.url("batch", batch_id=batch.id))


def _what(query: QueryDict) -> str:
    wanted = text(query, "do", 8)
    return wanted if wanted in DOES else ""


def _preview(what: str, chosen: Chosen) -> Preview:
    if not what:
        raise NothingChosen()
    _label, kind, on = DOES[what]
    products, skus = chosen.ids()
    return preview_switch(kind, on, products=products, skus=skus)


def _page(desk: Desk, chosen: Chosen, what: str, preview: Preview | None) -> HttpResponse:
    lines = [*preview.refused, *preview.changing] if preview else []
    context = {
        "crumbs": [desk.crumb(_("Products"), "products"), desk.crumb(_("Show, hide, sell"))],
        "chosen": chosen,
        "scopes": scopes(chosen),
        "does": [Choice(code, str(label)) for code, (label, _kind, _on) in DOES.items()],
        "what": what,
        "label": str(DOES[what][0]) if what else "",
        "preview": preview,
        "columns": [Column(_("Product")), Column(_("Now")), Column(_("Then")), Column(_("Left out because"))],
        "rows": [_row(line) for line in lines[:SHOWN]],
        "hidden": max(len(lines) - SHOWN, 0),
    }
    return desk.show("bulk_switch", _("Show, hide, sell"), context)


def _row(line: Line) -> Row:
    name = f"{line.title} · {line.name}" if line.name else line.title
    words = {True: _("Yes"), False: _("No")}
    cells = [
        Cell(name),
        Cell(words[bool(line.old_on)], _("Now")),
        Cell(words[bool(line.new_on)], _("Then")),
        Cell(why(line.refused), _("Left out because"), "tag", tone="error")
        if line.refused
        else Cell("", _("Left out because")),
    ]
    return Row(cells, label=name)
