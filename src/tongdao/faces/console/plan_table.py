"""The pages of the commission plan, as data (see table.py)."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.pages import plan, plan_draft, plan_trial
from tongdao.party.merchants.permissions import Permission

NEED: Permission = "promoters.manage"
DRAFT = "commission/draft"
VERSION = "commission/versions/<uuid:plan_id>"

PLAN_PAGES: tuple[Page, ...] = (
    Page("plan", "commission", NEED, plan.show, plan.act),
    Page("plan_draft", DRAFT, NEED, plan_draft.show, plan_draft.act, section="plan"),
    Page("plan_rule", f"{DRAFT}/rule", NEED, plan_draft.rule, plan_draft.save_rule, section="plan"),
    Page("plan_grades", f"{DRAFT}/grades", NEED, plan_draft.grades, plan_draft.save_grades, section="plan"),
    Page(
        "plan_publish", f"{DRAFT}/publish", NEED, plan_draft.publish, plan_draft.save_publish, section="plan"
    ),
    Page("plan_trial", f"{DRAFT}/trial", NEED, plan_trial.show, plan_trial.act, section="plan"),
    Page("plan_version", VERSION, NEED, plan.one, section="plan"),
    Page("plan_withdraw", f"{VERSION}/withdraw", NEED, act=plan.withdraw, back="plan", section="plan"),
)
