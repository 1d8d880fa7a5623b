"""How long records must be kept, each counted from its own start; where several apply, the longest wins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tongdao.rulebook.registry import Rule, Sheet, define
from tongdao.rulebook.span import Span

_ECOMMERCE = "E-Commerce Law (2018) Art. 31 and the rules under it"
_IN_FORCE = date(2019, 1, 1)

TRADE_RECORDS = define("retention.trade_records", Rule(Span(years=3), _IN_FORCE, _ECOMMERCE, "B"))
"""From completion of the trade."""

IDENTITY = define("retention.identity", Rule(Span(years=3), _IN_FORCE, _ECOMMERCE, "B"))
"""From the operator's exit."""

RULE_VERSIONS = define("retention.rule_versions", Rule(Span(years=3), _IN_FORCE, _ECOMMERCE, "B"))
"""From the day the version is replaced."""

LOGS = define("retention.logs", Rule(Span(months=6), date(2017, 6, 1), "Cybersecurity Law Art. 21", "B"))

ACCOUNTING = define(
    "retention.accounting",
    Rule(Span(years=30), date(2016, 1, 1), "Measures for the Management of Accounting Archives", "U"),
)
"""Vouchers and ledgers, from the end of the accounting year."""

TAX_PAPERS = define("retention.tax_papers", Rule(Span(years=10), date(2016, 1, 1), "tax law", "U"))
INVOICES = define("retention.invoices", Rule(Span(years=5), date(2016, 1, 1), "invoice law", "U"))


def keep_until(kinds: Iterable[Sheet[Span]], start: date) -> date:
    """The first day a record under all these duties may be erased. `kinds` must not be empty.

    All are counted from `start`, under the versions in force on that day.
    """
    return max(kind.on(start).after(start) for kind in kinds)
