"""What a plan has to be before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, Sku
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.refusals import (
    GradesInvalid,
    GradeUnknown,
    LastRuleBound,
    LimitsCrossed,
    RateOutOfRange,
    RewardUnclear,
    RuleGoodsUnknown,
    RulePeriodInvalid,
    RulesMissing,
    RuleUnreachable,
)

MOST_BPS = 5_000
MOST_RULES = 50
MOST_GRADES = 9
MOST_FEN = 100_000_000_00
"""One hundred million yuan: more than that is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Grade:
    """`least_fen`: own completed sales to others within 90 days; `most_refunded_bps`: of those orders, at
    most so many ten-thousandths given back for reasons on the promoter's side.
    """

    name: str
    least_fen: Fen
    most_refunded_bps: int = 10_000


def check_plan(rules: Sequence[Rule], grades: Sequence[Grade]) -> None:
    """Raises the first of refusals.py that stands against publishing it."""
    if not 1 <= len(rules) <= MOST_RULES:
        raise RulesMissing()
    _check_grades(grades)
    names = {grade.name for grade in grades}
    for position, rule in enumerate(rules, 1):
        check_rule(rule, position)
        if rule.grade and rule.grade not in names:
            raise GradeUnknown(position=position)
        if not rule.bound and rule.budget_fen is None and position < len(rules):
            raise RuleUnreachable(position=position + 1)
    if rules[-1].bound or rules[-1].budget_fen is not None:
        raise LastRuleBound(position=len(rules))
    _check_goods(rules)


def check_rule(rule: Rule, position: int) -> None:
    """What can be said of a rule alone; its goods and its grade are looked up when it is published."""
    if (rule.rate_bps is None) == (rule.unit_fen is None):
        raise RewardUnclear(position=position)
    if rule.rate_bps is not None and not 0 <= rule.rate_bps <= MOST_BPS:
        raise RateOutOfRange(position=position, rate_bps=rule.rate_bps)
    amounts = (rule.unit_fen, rule.least_fen, rule.most_fen, rule.budget_fen)
    if any(amount is not None and not 0 < amount <= MOST_FEN for amount in amounts):
        raise LimitsCrossed(position=position)
    if rule.least_fen and rule.most_fen and rule.least_fen > rule.most_fen:
        raise LimitsCrossed(position=position)
    if rule.starts_at and rule.ends_at and rule.ends_at <= rule.starts_at:
        raise RulePeriodInvalid(position=position)


def _check_grades(grades: Sequence[Grade]) -> None:
    """From the easiest to the hardest, so that the highest one reached is the last one that is."""
    names = [grade.name for grade in grades]
    if len(grades) > MOST_GRADES or len(set(names)) != len(names):
        raise GradesInvalid()
    if not all(0 < len(name) <= 24 and name == name.strip() for name in names):
        raise GradesInvalid()
    if not all(0 <= grade.least_fen <= MOST_FEN for grade in grades):
        raise GradesInvalid()
    if not all(0 <= grade.most_refunded_bps <= 10_000 for grade in grades):
        raise GradesInvalid()
    if any(later.least_fen <= grade.least_fen for grade, later in pairwise(grades)):
        raise GradesInvalid()


def _check_goods(rules: Sequence[Rule]) -> None:
    products = {rule.product_id for rule in rules if rule.product_id}
    skus = {rule.sku_id for rule in rules if rule.sku_id}
    known = set(Product.objects.filter(pk__in=products).values_list("id", flat=True)) if products else set()
    known |= set(Sku.objects.filter(pk__in=skus).values_list("id", flat=True)) if skus else set()
    for position, rule in enumerate(rules, 1):
        if {rule.product_id, rule.sku_id} - {None} - known:
            raise RuleGoodsUnknown(position=position)
