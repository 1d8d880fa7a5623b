"""The rules editor: the draft of the next plan, changed piece by piece, then published from a moment on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.planning import GradesForm, PublishForm, RestForm, RuleForm
from tongdao.faces.console.plan_words import changed
from tongdao.faces.console.typed import text, whole
from tongdao.faces.lists.plan_words import grade_words, rule_words
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.terms.plans import drafting
from tongdao.terms.plans.checking import MOST_RULES
from tongdao.terms.plans.drafting import Draft, draft_now
from tongdao.terms.plans.queries import plan_at, plan_versions

Move = Callable[[int, int], Draft]
MOVES: Mapping[str, Move] = {
    "up": lambda position, seen: drafting.move_rule(position, -1, seen=seen),
    "down": lambda position, seen: drafting.move_rule(position, 1, seen=seen),
    "remove": lambda position, seen: drafting.remove_rule(position, seen=seen),
}
"""What a button beside a rule does with the rule at that position."""


def show(desk: Desk) -> HttpResponse:
    draft = draft_now()
    last = len(draft.rules)
    context = {
        "crumbs": [desk.crumb(_("Commission"), "plan"), desk.crumb(_("Rules"))],
        "draft": draft,
        "rules": [
            {
                "position": position,
                "words": words,
                "rule": rule,
                "first": position == 1,
                "last": position == last,
                "before_last": position == last - 1,
                "url": f"{desk.url('plan_rule')}?position={position}",
            }
            for position, (rule, words) in enumerate(
                zip(draft.rules, rule_words(draft.rules), strict=True), 1
            )
        ],
        "grades": grade_words(draft.grades),
        "changes": _changes(draft),
        "add_url": f"{desk.url('plan_rule')}?position=0" if last < MOST_RULES else "",
        "urls": {name: desk.url(f"plan_{name}") for name in ("grades", "publish", "trial")},
    }
    return desk.show("plan_draft", _("Rules of commission"), context)


def _changes(draft: Draft) -> list[object]:
    """Against the plan in force."""
    now = clock.now()
    held = next((each for each in plan_versions() if each.phase(now) == "in_force"), None)
    if not draft.version:
        return []
    old = (held.rules, held.grades) if held else ((), ())
    return list(changed(*old, draft.rules, draft.grades))


def act(desk: Desk) -> HttpResponse:
    posted = desk.request.POST
    if "discard" in posted:
        drafting.discard_draft()
        return desk.done(_("The draft is gone. What you see is the plan in force."), "plan_draft")
    for name, move in MOVES.items():
        position = whole(text(posted, name, 4))
        if position is not None:
            move(position, whole(text(posted, "seen", 7)) or 0)
            return desk.done(_("Changed in the draft. Nothing holds before it is published."), "plan_draft")
    raise NotFound()


def _position(desk: Desk) -> int:
    return whole(text(desk.request.GET, "position", 4)) or 0


def _form(desk: Desk, draft: Draft, position: int) -> type[RuleForm]:
    return RestForm if position == len(draft.rules) else RuleForm


def rule(desk: Desk) -> HttpResponse:
    draft, position = draft_now(), _position(desk)
    if position > len(draft.rules):
        raise NotFound()
    kind = _form(desk, draft, position)
    form = desk.form if isinstance(desk.form, kind) else None
    given = draft.rules[position - 1] if position else None
    title = _("Rule %(number)s") % {"number": position} if position else _("New rule")
    context = {
        "crumbs": [
            desk.crumb(_("Commission"), "plan"),
            desk.crumb(_("Rules"), "plan_draft"),
            desk.crumb(title),
        ],
        "form": form or kind(rule=given, grades=draft.grades, seen=draft.version),
        "position": position,
        "rest": position == len(draft.rules),
    }
    return desk.show("plan_rule", title, context)


def save_rule(desk: Desk) -> HttpResponse:
    draft, position = draft_now(), _position(desk)
    kind = _form(desk, draft, position)
    form = desk.read(kind(desk.request.POST, grades=draft.grades))
    drafting.put_rule(position, form.rule(), seen=form.cleaned_data["seen"])
    return desk.done(_("Changed in the draft. Nothing holds before it is published."), "plan_draft")


def grades(desk: Desk) -> HttpResponse:
    draft = draft_now()
    form = desk.form if isinstance(desk.form, GradesForm) else None
    context = {
        "crumbs": [
            desk.crumb(_("Commission"), "plan"),
            desk.crumb(_("Rules"), "plan_draft"),
            desk.crumb(_("Grades")),
        ],
        "form": form or GradesForm(grades=draft.grades, seen=draft.version),
    }
    return desk.show("plan_grades", _("Grades"), context)


def save_grades(desk: Desk) -> HttpResponse:
    form = desk.read(GradesForm(desk.request.POST))
    drafting.put_grades(form.grades(), seen=form.cleaned_data["seen"])
    return desk.done(_("Changed in the draft. Nothing holds before it is published."), "plan_draft")


def publish(desk: Desk) -> HttpResponse:
    draft = draft_now()
    context = {
        "crumbs": [
            desk.crumb(_("Commission"), "plan"),
            desk.crumb(_("Rules"), "plan_draft"),
            desk.crumb(_("Publish")),
        ],
        "form": desk.blank(PublishForm, initial={"seen": draft.version}),
        "changes": _changes(draft),
        "plan": plan_at(clock.now()),
        "rules": len(draft.rules),
        "back": desk.url("plan_draft"),
    }
    return desk.show("plan_publish", _("Publish the plan"), context)


def save_publish(desk: Desk) -> HttpResponse:
    typed = desk.read(PublishForm(desk.request.POST)).cleaned_data
    plan = drafting.publish_draft(
        seen=typed["seen"], effective_from=typed["effective_from"], why=typed["why"], actor=desk.actor
    )
    done = _("Published as version %(version)s. Orders placed before it begins keep theirs.")
    return desk.done(done % {"version": plan.version}, "plan_version", plan_id=plan.id)
