"""Trying a plan on the sales of the last 30 days: at once, or by a worker where they are many."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from procrastinate.contrib.django import app

from tongdao.foundation import clock
from tongdao.foundation.bulk import to_json
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.rewards.planning.models import PlanTrial
from tongdao.rewards.planning.reading import count_lines, sold_lines
from tongdao.rewards.planning.trying import Trial, add, begin, result
from tongdao.terms.plans.matching import Rule

JOB = "planning.trial"
SPAN = timedelta(days=30)
AT_ONCE = 20_000
"""So many lines are reckoned while somebody waits."""
STEP = timedelta(days=1)
FRESH = timedelta(days=1)


def try_plan(rules: Sequence[Rule], now: datetime) -> Trial | None:
    """The rules on the sales of the 30 days before `now`; None where those are too many to wait for."""
    start = now - SPAN
    if count_lines(start, now, most=AT_ONCE + 1) > AT_ONCE:
        return None
    tally = begin(rules)
    add(tally, sold_lines(start, now))
    return result(tally)


def ask_trial(rules: Sequence[Rule]) -> PlanTrial:
    """Let a worker do it; the same rules are not tried twice a day."""
    found = latest_trial(rules)
    if found is not None:
        return found
    now = clock.now()
    trial = PlanTrial.objects.create(
        digest=digest_of(rules),
        rules=[msgspec.to_builtins(rule) for rule in rules],
        starts_at=now - SPAN,
        ends_at=now,
        asked_at=now,
    )
    job = app.configure_task(JOB)
    job.defer(merchant_id=str(current_merchant()), trial_id=str(trial.id))
    return trial


def latest_trial(rules: Sequence[Rule]) -> PlanTrial | None:
    """The one that was asked for with these rules within the last day; an older one is of other sales."""
    fresh = PlanTrial.objects.filter(digest=digest_of(rules), asked_at__gt=clock.now() - FRESH)
    return fresh.order_by("-asked_at").first()


def trial_of(row: PlanTrial) -> Trial | None:
    """What came out, once a worker has done it."""
    return None if row.result is None else msgspec.convert(row.result, Trial)


def run_trial(merchant_id: UUID, trial_id: UUID) -> None:
    """Day by day, each in a scope of its own. A second run is as good as the first."""
    with merchant_scope(merchant_id):
        row = PlanTrial.objects.get(pk=trial_id)
    if row.done_at is not None:
        return
    tally = begin(msgspec.convert(row.rules, tuple[Rule, ...]))
    at = row.starts_at
    while at < row.ends_at:
        until = min(at + STEP, row.ends_at)
        with merchant_scope(merchant_id):
            add(tally, sold_lines(at, until))
        at = until
    with merchant_scope(merchant_id):
        told = msgspec.to_builtins(result(tally))
        PlanTrial.objects.filter(pk=trial_id).update(result=told, done_at=clock.now())


def digest_of(rules: Sequence[Rule]) -> str:
    """The same rules in the same order have the same."""
    return hashlib.sha256(to_json([msgspec.to_builtins(rule) for rule in rules]).encode()).hexdigest()
