"""What promoters earn. Every function takes the promoter ids that it may count, and counts no others.

They run in the merchant's scope, and of buyers they read nothing: no person, no member, no address.
"""

from tongdao.rewards.commissions.queries.booked import Booked, booked, own_postings
from tongdao.rewards.commissions.queries.clawed import Clawed, KeptBack, Netted, clawed, kept_back, netted
from tongdao.rewards.commissions.queries.income import Income, Part, income
from tongdao.rewards.commissions.queries.lines import IncomeLine, LineState, income_line, income_lines
from tongdao.rewards.commissions.queries.links import LinkResult, link_results
from tongdao.rewards.commissions.queries.sales import Sale, SaleLine, Stage, sale_lines, sales
from tongdao.rewards.commissions.queries.trend import Day, last_days
from tongdao.rewards.commissions.queries.waiting import Cause, Waiting, wait_for, waits_for

__all__ = [
    "Booked",
    "Cause",
    "Clawed",
    "Day",
    "Income",
    "IncomeLine",
    "KeptBack",
    "LineState",
    "LinkResult",
    "Netted",
    "Part",
    "Sale",
    "SaleLine",
    "Stage",
    "Waiting",
    "booked",
    "clawed",
    "income",
    "income_line",
    "income_lines",
    "kept_back",
    "last_days",
    "link_results",
    "netted",
    "own_postings",
    "sale_lines",
    "sales",
    "wait_for",
    "waits_for",
]
