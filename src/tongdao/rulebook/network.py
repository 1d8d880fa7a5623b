"""Promoters and partners: what keeps the network clear of pyramid selling, and our own alarm lines."""

from __future__ import annotations

from datetime import date

from tongdao.rulebook.registry import OWN, Rule, define
from tongdao.rulebook.trade import BOOK_START

_PYRAMID = "Regulations on the Prohibition of Pyramid Selling (State Council Order 444) Art. 7"
_DIRECT = "Regulations on Direct Selling (State Council Order 443)"

PAID_TIERS = define("network.paid_tiers", Rule(1, date(2005, 11, 1), _PYRAMID, "A"))
"""Tiers that may earn on a sale. Art. 7(3) names no minimum level, so two are not safe. Never a setting."""

ALARM_DEPTH = define("network.alarm_depth", Rule(3, BOOK_START, OWN, "A"))
ALARM_PEOPLE = define("network.alarm_people", Rule(25, BOOK_START, OWN, "A"))
"""People under one root from which an operator is told; the criminal line is 3 levels and 30 people."""

ALARM_OWN_PURCHASE_BPS = define("network.alarm_own_purchase_bps", Rule(5_000, BOOK_START, OWN, "A"))
"""Share of a promoter's income from own purchases above which an operator is told."""

PROMOTER_MIN_AGE = define("network.promoter_min_age", Rule(18, date(2005, 12, 1), _DIRECT, "B"))
PROMOTER_AGREEMENT = define(
    "network.promoter_agreement",
    Rule("1", BOOK_START, OWN, "A"),
    Rule("2", date(2026, 12, 1), OWN, "A"),  # payouts: minimum, real name, 24 hours, what is kept back
)
"""Version of the house's promoter agreement; its texts lie in party/network/standard. Publish a new one at
least `trade.rule_change_notice_days` before it starts."""

SENSITIVE_UNDER_AGE = define(
    "network.sensitive_under_age",
    Rule(14, date(2021, 11, 1), "Personal Information Protection Law Art. 28", "U"),
)
DIRECT_SELLING_PAY_CAP_BPS = define(
    "network.direct_selling_pay_cap_bps", Rule(3_000, date(2005, 12, 1), _DIRECT, "C")
)
"""Licensed direct selling only: highest share of the person's own sales."""
