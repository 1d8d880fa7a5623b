"""How one earns and what is not allowed, with the figures of the rulebook that are in force today."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.lists.plan_words import rule_words
from tongdao.faces.promoter.door import Walk, public_page
from tongdao.faces.promoter.pay_words import pay_context
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.rulebook import network, trade, wording
from tongdao.terms.plans.queries import plan_after, plan_at


@require_safe
@public_page
def guide(walk: Walk) -> HttpResponse:
    now = clock.now()
    day = beijing_day(now)
    with walk.scope():
        plan = plan_at(now)
        rows = rule_words(plan.rules[:-1]) if plan else []
        later = plan_after(now)
        later_rows = rule_words(later[1].rules) if later else []
    context = {
        **pay_context(plan),
        "pay_rows": rows,
        "later_at": later[0] if later else None,
        "later_rows": later_rows,
        "window_days": trade.ATTRIBUTION_WINDOW.on(day).days,
        "confirm_days": trade.AUTO_CONFIRM_EXPRESS.on(day).days,
        "notice_days": trade.RULE_CHANGE_NOTICE_DAYS.on(day),
        "tiers": network.PAID_TIERS.on(day),
        "least_age": network.PROMOTER_MIN_AGE.on(day),
        "promises": wording.INCOME_PROMISES.on(day),
        "superlatives": wording.SUPERLATIVES.on(day),
        "schemes": wording.REWARD_NAMES.on(day),
    }
    member = walk.standing is not None
    return walk.show(
        "guide", _("How it works"), context, tab="me" if member else "", back="me" if member else "join"
    )
