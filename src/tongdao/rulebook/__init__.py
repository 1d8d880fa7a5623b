"""Law, platform rules and our own choices as versioned constants: no figure of this kind stands in a rule.

Two ways to read a figure, both for a date or a moment, never for "now" (the caller owns the clock):

    from tongdao.rulebook import rule, trade
    trade.UNPAID_CLOSE.on(day)             # typed: timedelta
    rule("trade.unpaid_close", day)        # by name, for operators' pages and stored references

`sheet.rule_on(day)` gives the whole `Rule` (source, confidence). `needs_counsel` is true for [C] and [U]:
show those to operators as "confirm with counsel". A date before the first version raises `NotYetInForce`.
"""

from tongdao.rulebook import aftersales, calendar, network, retention, returns, trade, wechat, wording
from tongdao.rulebook.registry import OWN, NotYetInForce, Rule, Sheet, UnknownRule, all_sheets, rule
from tongdao.rulebook.span import Span
from tongdao.rulebook.wording import Finding, find_banned_words

__all__ = [
    "OWN",
    "Finding",
    "NotYetInForce",
    "Rule",
    "Sheet",
    "Span",
    "UnknownRule",
    "aftersales",
    "all_sheets",
    "calendar",
    "find_banned_words",
    "network",
    "retention",
    "returns",
    "rule",
    "trade",
    "wechat",
    "wording",
]
