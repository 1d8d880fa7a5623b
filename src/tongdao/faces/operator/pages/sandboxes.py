"""The sandboxes: which run, what they did lately, what they can be told."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.operator.frame import show
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, Way, act_way, link
from tongdao.faces.operator.reading.sandboxes import SANDBOXES, Sandbox, SandboxAway, look, sandbox_named
from tongdao.faces.operator.words import word


def index(request: HttpRequest) -> HttpResponse:
    rows = [_row(one) for one in SANDBOXES]
    shows = settings.ENV.sms == "sandbox"
    rows.append([word("sms"), _("codes are shown on the page") if shows else _("not here"), "—"])
    record = Record(
        _("Sandboxes"),
        (),
        (Grid("", (_("Sandbox"), _("State"), _("Address")), rows),),
        lead=_("Processes of their own that speak the real protocols. None of them belongs into production."),
    )
    return show(request, "record", record.title, {"record": record})


def _row(one: Sandbox) -> list[object]:
    if not one.runs:
        return [word(one.name), _("not here"), "—"]
    return [link(f"{one.name}/", word(one.name)), _("started with this installation"), one.url()]


def one(request: HttpRequest, name: str) -> HttpResponse:
    sandbox = sandbox_named(name)
    facts = [Fact(_("Address"), sandbox.url())]
    grids: list[Grid] = []
    ways: list[Way] = []
    try:
        grids = [Grid(title, columns, rows) for title, columns, rows in look(sandbox)]
        facts.append(Fact(_("State"), _("answers"), "success"))
        ways = [act_way("sandbox_command", command.label, name, command.name) for command in sandbox.commands]
    except SandboxAway as away:
        facts.append(Fact(_("State"), _("does not answer"), "danger", note=away.message))
    record = Record(word(name), facts, grids, ways)
    return show(request, "record", record.title, {"record": record})
