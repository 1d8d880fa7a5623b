"""Why a plan cannot be published. `position` in the details is the rule's, from 1."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class RateOutOfRange(BadInput):
    """A commission lies between 0 and 50 percent of what the buyer paid."""


class RulesMissing(BadInput):
    """A plan has at least one rule and at most 50."""


class RewardUnclear(BadInput):
    """A rule pays either a percentage or a fixed amount for each unit."""


class LimitsCrossed(BadInput):
    """Amounts of a rule are above 0, and its least amount is not above its most."""


class RulePeriodInvalid(BadInput):
    """A rule ends after it begins."""


class LastRuleBound(BadInput):
    """The last rule holds for everything else: it has no condition and no budget."""


class RuleUnreachable(BadInput):
    """A rule further up holds for everything, so this one never would."""


class GradeUnknown(BadInput):
    """A rule names a grade that this plan does not have."""


class GradesInvalid(BadInput):
    """Grades have names of their own, and each one takes more than the one before it."""


class RuleGoodsUnknown(BadInput):
    """A rule names goods that this shop does not have."""


class PlanWhyTooLong(BadInput):
    """Say why in at most 200 characters."""


class PlanInPast(BadInput):
    """A plan begins now or later."""


class PlanWaiting(Refusal):
    """Another plan is published already and has not begun. Withdraw it first."""


class PlanBegun(Refusal):
    """This plan has begun. Publish a new one instead."""


class DraftChanged(Refusal):
    """Somebody else has changed the draft meanwhile. Look at it once more."""


class RuleGone(Refusal):
    """The draft has no such rule any more. Look at it once more."""
