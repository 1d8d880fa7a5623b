"""The figures of reputation: they stand on the page beside the formula (docs/algorithms/reputation.md)."""

from __future__ import annotations

from datetime import timedelta

from tongdao.rulebook.registry import OWN, Rule, define
from tongdao.rulebook.trade import BOOK_START

PRIOR_REVIEWS = define("reputation.prior_reviews", Rule(10, BOOK_START, OWN, "A"))
"""So many reviews of `PRIOR_TENTHS` count beside the real ones: one friend's five stars move little."""

PRIOR_TENTHS = define("reputation.prior_tenths", Rule(40, BOOK_START, OWN, "A"))
"""Stars of each of those, in tenths."""

LEAST_CASES = define("reputation.least_cases", Rule(5, BOOK_START, OWN, "A"))
"""A rate or a time of fewer cases than these is not shown: it would tell of chance, or of one buyer."""

ANSWER_WITHIN = define("reputation.answer_within", Rule(timedelta(hours=24), BOOK_START, OWN, "A"))
"""A buyer who waits longer for an answer was not answered in time."""
