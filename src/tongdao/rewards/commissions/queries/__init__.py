"""What promoters earn. Every function takes the promoter ids that it may count, and counts no others.

They run in the merchant's scope, and of buyers they read nothing: no person, no member, no address.
"""

from tongdao.rewards.commissions.queries.income import Income, Part, income
from tongdao.rewards.commissions.queries.links import LinkResult, link_results
from tongdao.rewards.commissions.queries.sales import STAGES, Sale, SaleLine, Stage, sale_lines, sales
from tongdao.rewards.commissions.queries.trend import Day, last_days

__all__ = [
    "STAGES",
    "Day",
    "Income",
    "LinkResult",
    "Part",
    "Sale",
    "SaleLine",
    "Stage",
    "income",
    "last_days",
    "link_results",
    "sale_lines",
    "sales",
]
