"""What did I earn, what must I do today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.income_words import payout_text
from tongdao.faces.promoter.words import STAGES, why
from tongdao.foundation import clock
from tongdao.reach.traffic.models import ShareLink
from tongdao.rewards.commissions.queries import Day, Income, Stage, income, last_days
from tongdao.rewards.settlement.queries.mine import MyPayee, MyPayout, my_payee, my_payouts
from tongdao.rulebook import trade

QUIET = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, and why; `url` and `label` are where."""

    text: str
    why: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure, one sentence, and where it comes from."""

    stage: Stage
    title: str
    fen: int
    why: str
    url: str


@require_safe
@promoter_page
def today(walk: Walk) -> HttpResponse:
    now = clock.now()
    with walk.scope():
        earned, days = income(walk.ids), last_days(walk.ids, now)
        links = ShareLink.objects.filter(promoter_id=walk.promoter_id).count() if walk.promoter_id else 0
        payee, latest = my_payee(walk.ids), my_payouts(walk.ids, limit=1)
    context = {
        "cards": _cards(walk, earned),
        "tasks": [*_money_tasks(walk, earned, payee, latest), *_tasks(walk, links, days, now)],
        "trend": _trend(days),
        "quiet": not any(day.visits or day.orders for day in days),
        "left_at": walk.standing.left_at if walk.standing else None,
        "today": now,
    }
    return walk.show("today", _("Today"), context, tab="today")


def _cards(walk: Walk, earned: Income) -> list[Card]:
    reasons = why(earned)
    parts = {"estimated": earned.estimated, "held": earned.held, "released": earned.released}
    stages: tuple[Stage, ...] = ("estimated", "held", "released")
    return [
        Card(
            stage,
            str(STAGES[stage][0]),
            parts[stage].fen,
            reasons[stage],
            f"{walk.url('orders')}?stage={stage}",
        )
        for stage in stages
    ]


def _money_tasks(walk: Walk, earned: Income, payee: MyPayee | None, latest: Sequence[MyPayout]) -> list[Task]:
    """What stands between the promoter and its money; also for who has left."""
    if latest and latest[0].waiting:
        text = _("A payout of ¥%(sum)s waits for you") % {"sum": yuan(latest[0].amount_fen)}
        url = walk.url("payout", payout_id=latest[0].payout_id)
        return [Task(text, payout_text(latest[0]), url, _("Take it"))]
    if earned.released.fen and payee is None:
        text, reason = _("Say how you want to be paid"), _("Nothing can be paid out before you say how.")
        return [Task(text, reason, walk.url("payee"), _("How I am paid"))]
    return []


def _tasks(walk: Walk, links: int, days: list[Day], now: datetime) -> list[Task]:
    """At most one: the next step. Nothing is asked of who has left."""
    if walk.promoter_id is None:
        return []
    if not walk.agreed:
        text, reason = _("Read the agreement"), _("You can make links once you have agreed to it.")
        return [Task(text, reason, walk.url("agreement"), _("Read it"))]
    if not links:
        window = trade.ATTRIBUTION_WINDOW.on(now).days
        text, reason = (
            _("Make your first link"),
            _("Whoever comes by it and buys within %(days)d days counts for you.") % {"days": window},
        )
        return [Task(text, reason, walk.url("share"), _("Choose something"))]
    since = clock.beijing_day(now) - QUIET
    if not any(day.visits for day in days if day.day > since):
        text, reason = _("Share something again"), _("Nobody has come by your links in the last 7 days.")
        return [Task(text, reason, walk.url("share"), _("Choose something"))]
    return []


def _trend(days: list[Day]) -> dict[str, object]:
    """Pairs for the kit's charts, and their sums."""
    return {
        "visits": [(f"{day.day:%m-%d}", day.visits) for day in days],
        "orders": [(f"{day.day:%m-%d}", day.orders) for day in days],
        "income": [(f"{day.day:%m-%d}", int(day.income_fen)) for day in days],
        "visits_total": sum(day.visits for day in days),
        "orders_total": sum(day.orders for day in days),
        "income_total": sum(day.income_fen for day in days),
    }
