"""How one earns and what is not allowed, with the figures of the rulebook that are in force today."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.promoter.door import Walk, public_page
from tongdao.faces.promoter.words import percent
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.rulebook import network, trade, wording
from tongdao.terms.plans.queries import plan_at


@require_safe
@public_page
def guide(walk: Walk) -> HttpResponse:
    now = clock.now()
    day = beijing_day(now)
    with walk.scope():
        plan = plan_at(now)
    context = {
        "rate": percent(plan.rate_bps) if plan else "",
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
