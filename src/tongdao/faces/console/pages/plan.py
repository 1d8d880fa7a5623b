"""What promoters earn: the commission plan in force and the ones before it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.promoting import PlanForm
from tongdao.faces.console.typed import percent
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.plans.operations import set_plan

SHOWN = 20


def show(desk: Desk) -> HttpResponse:
    plans = list(CommissionPlan.objects.order_by("-version")[:SHOWN])
    now = plans[0] if plans else None
    rate = percent(now.rate_bps) if now else ""
    context = {
        "plan": now,
        "rate": rate,
        "form": desk.blank(PlanForm, initial={"rate": rate}),
        "columns": [Column(_("Version")), Column(_("From")), Column(_("Until")), Column(_("Rate"), num=True)],
        "rows": [_row(plan) for plan in plans],
    }
    return desk.show("plan", _("Commission"), context)


def _row(plan: CommissionPlan) -> Row:
    until = (
        Cell(plan.effective_to, _("Until"), "time") if plan.effective_to else Cell(_("in force"), _("Until"))
    )
    return Row(
        [
            Cell(plan.version),
            Cell(plan.effective_from, _("From"), "time"),
            until,
            Cell(f"{percent(plan.rate_bps)}%", _("Rate"), "num"),
        ]
    )


def act(desk: Desk) -> HttpResponse:
    bps = desk.read(PlanForm(desk.request.POST)).cleaned_data["rate"]
    set_plan(bps, actor=desk.actor)
    done = _("Promoters earn %(rate)s%% of orders from now on. Orders placed before keep their rate.")
    return desk.done(done % {"rate": percent(bps)}, "plan")
