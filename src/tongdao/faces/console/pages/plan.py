"""What promoters earn: the plan in force, one that waits to begin, and the versions before."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.promoting import PlanForm
from tongdao.faces.console.plan_words import PHASES, changed, rule_columns, rule_rows
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.kit.money_text import percent
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.faces.lists.plan_words import grade_words
from tongdao.foundation import clock
from tongdao.terms.plans.drafting import draft_now
from tongdao.terms.plans.operations import set_plan, withdraw_plan
from tongdao.terms.plans.queries import Version, plan_version, plan_versions, version_before

SHOWN = 20


def show(desk: Desk) -> HttpResponse:
    now = clock.now()
    versions = plan_versions(limit=SHOWN)
    phases = {version.row.id: version.phase(now) for version in versions}
    held = next((version for version in versions if phases[version.row.id] == "in_force"), None)
    rate = percent(held.rules[-1].rate_bps or 0) if held else ""
    context = {
        "held": held,
        "waiting": next((each for each in versions if phases[each.row.id] == "waiting"), None),
        "rate": rate,
        "form": desk.blank(PlanForm, initial={"rate": rate}),
        "rule_columns": rule_columns(),
        "rule_rows": rule_rows(held.rules) if held else [],
        "grades": grade_words(held.grades) if held else [],
        "drafted": draft_now().version > 0,
        "columns": [
            Column(_("Version")),
            Column(_("In force from")),
            Column(_("Rules"), num=True),
            Column(_("State")),
        ],
        "rows": [_row(desk, version, phases[version.row.id]) for version in versions],
        "actions": [
            Action(_("Try it on last month"), desk.url("plan_trial"), icon="chart"),
            Action(_("Change the rules"), desk.url("plan_draft"), kind="primary"),
        ],
    }
    return desk.show("plan", _("Commission"), context)


def _row(desk: Desk, version: Version, phase: str) -> Row:
    words, tone = PHASES[phase]
    return Row(
        [
            Cell(_named(version), url=desk.url("plan_version", plan_id=version.row.id)),
            Cell(version.row.effective_from, _("In force from"), "time"),
            Cell(len(version.rules), _("Rules"), "num"),
            Cell(words, _("State"), "tag", tone=tone),
        ]
    )


def _named(version: Version) -> str:
    return _("Version %(version)s") % {"version": version.row.version}


def act(desk: Desk) -> HttpResponse:
    """One rate for everything, from now on."""
    bps = desk.read(PlanForm(desk.request.POST)).cleaned_data["rate"]
    set_plan(bps, actor=desk.actor)
    done = _("Promoters earn %(rate)s%% of orders from now on. Orders placed before keep their rate.")
    return desk.done(done % {"rate": percent(bps)}, "plan")


def one(desk: Desk, plan_id: UUID) -> HttpResponse:
    version = plan_version(plan_id)
    before = version_before(version.row.version)
    phase = version.phase(clock.now())
    words, tone = PHASES[phase]
    by = version.row.published_by
    facts = [
        Cell(version.row.published_at, _("Published"), "time"),
        Cell(shown_names([by]).get(by, "—") if by else "—", _("By")),
        Cell(version.row.why or "—", _("Why")),
        Cell(version.row.effective_from, _("In force from"), "time"),
    ]
    if version.row.effective_to:
        facts.append(Cell(version.row.effective_to, _("Until"), "time"))
    title = _named(version)
    context = {
        "crumbs": [desk.crumb(_("Commission"), "plan"), desk.crumb(title)],
        "version": version,
        "phase": Cell(words, "", "tag", tone=tone),
        "withdraw_url": desk.url("plan_withdraw", plan_id=plan_id) if phase == "waiting" else "",
        "facts": facts,
        "rule_columns": rule_columns(),
        "rule_rows": rule_rows(version.rules),
        "grades": grade_words(version.grades),
        "before": before,
        "changes": changed(before.rules, before.grades, version.rules, version.grades) if before else [],
    }
    return desk.show("plan_version", title, context)


def withdraw(desk: Desk, plan_id: UUID) -> HttpResponse:
    withdraw_plan(plan_id, actor=desk.actor)
    return desk.done(_("Withdrawn. The plan that is in force holds on."), "plan")
