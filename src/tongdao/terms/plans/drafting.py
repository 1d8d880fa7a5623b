"""The plan that the merchant is working on: rules and grades as they would be published.

Before anything was changed, the draft is the plan in force. Each change names the version that was seen, so
two who work on it at once do not overwrite each other. It is checked as a whole when it is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.terms.plans.checking import MOST_GRADES, MOST_RULES, Grade, check_rule
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionPlan, PlanDraft
from tongdao.terms.plans.operations import publish_plan
from tongdao.terms.plans.queries import grades_of_version, plan_at
from tongdao.terms.plans.refusals import DraftChanged, GradesInvalid, RuleGone, RulesMissing

EVERYTHING = Rule(rate_bps=0)
"""What a draft begins with where there is no plan: nothing is paid."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`version` 0: nothing was changed yet, it is the plan in force."""

    rules: tuple[Rule, ...]
    grades: tuple[Grade, ...]
    version: int = 0


def draft_now() -> Draft:
    """The draft as it is."""
    row = PlanDraft.objects.first()
    if row is not None:
        rules = msgspec.convert(row.rules, tuple[Rule, ...])
        return Draft(rules, msgspec.convert(row.grades, tuple[Grade, ...]), row.version)
    plan = plan_at(clock.now())
    if plan is None:
        return Draft((EVERYTHING,), ())
    return Draft(tuple(map(_stated, plan.rules)), grades_of_version(plan.version))


def _stated(rule: Rule) -> Rule:
    """What it says, without where it stood."""
    return replace(rule, position=0, id=None, left_fen=None)


def put_rule(position: int, rule: Rule, *, seen: int) -> Draft:
    """In place of the rule at `position`; 0: a new one, before the last. Raises what is wrong with it."""
    draft = _seen(seen)
    rules = list(draft.rules)
    if position == 0:
        rules.insert(len(rules) - 1, _stated(rule))
    elif position <= len(rules):
        rules[position - 1] = _stated(rule)
    else:
        raise RuleGone()
    if len(rules) > MOST_RULES:
        raise RulesMissing()
    check_rule(rule, position or len(rules) - 1)
    return _save(draft, rules, draft.grades)


def move_rule(position: int, by: int, *, seen: int) -> Draft:
    """One up (-1) or down (1). The last rule, which holds for everything else, stays where it is."""
    draft = _seen(seen)
    rules, to = list(draft.rules), position + by
    if not (1 <= position < len(rules) and 1 <= to < len(rules)):
        raise RuleGone()
    rules[position - 1], rules[to - 1] = rules[to - 1], rules[position - 1]
    return _save(draft, rules, draft.grades)


def remove_rule(position: int, *, seen: int) -> Draft:
    """Take a rule out; not the last one. Raises RuleGone."""
    draft = _seen(seen)
    if not 1 <= position < len(draft.rules):
        raise RuleGone()
    rules = [rule for place, rule in enumerate(draft.rules, 1) if place != position]
    return _save(draft, rules, draft.grades)


def put_grades(grades: Sequence[Grade], *, seen: int) -> Draft:
    """The grades, easiest first. Raises GradesInvalid or DraftChanged."""
    if len(grades) > MOST_GRADES:
        raise GradesInvalid()
    draft = _seen(seen)
    return _save(draft, draft.rules, grades)


def put_draft(rules: Sequence[Rule], grades: Sequence[Grade], *, seen: int) -> Draft:
    """The draft as a whole. Raises what is wrong with one of the rules, or DraftChanged."""
    if not 1 <= len(rules) <= MOST_RULES:
        raise RulesMissing()
    for position, rule in enumerate(rules, 1):
        check_rule(rule, position)
    return _save(_seen(seen), [_stated(rule) for rule in rules], grades)


def discard_draft() -> None:
    """Begin again from the plan in force. Doing it again changes nothing."""
    PlanDraft.objects.all().delete()


def publish_draft(
    *, seen: int, effective_from: datetime | None = None, why: str = "", actor: Actor
) -> CommissionPlan:
    """The draft becomes the next version, and is a draft no more. Raises what `publish_plan` does."""
    draft = _seen(seen)
    plan = publish_plan(draft.rules, draft.grades, effective_from=effective_from, why=why, actor=actor)
    discard_draft()
    return plan


def _seen(version: int) -> Draft:
    """The draft, locked, if it is still the one that was seen."""
    row = PlanDraft.objects.select_for_update(no_key=True).first()
    if (row.version if row else 0) != version:
        raise DraftChanged()
    return draft_now()


def _save(draft: Draft, rules: Sequence[Rule], grades: Sequence[Grade]) -> Draft:
    values = {
        "rules": [msgspec.to_builtins(rule) for rule in rules],
        "grades": [msgspec.to_builtins(grade) for grade in grades],
        "version": draft.version + 1,
        "changed_at": clock.now(),
    }
    if draft.version:
        PlanDraft.objects.update(**values)
    else:
        _first(values)
    return Draft(tuple(rules), tuple(grades), draft.version + 1)


def _first(values: Mapping[str, Any]) -> None:
    """Of two who begin at once, one is told."""
    try:
        with transaction.atomic():
            PlanDraft.objects.create(**values)
    except IntegrityError as error:
        raise DraftChanged() from error
