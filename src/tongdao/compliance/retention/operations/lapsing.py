"""What nobody asked to erase, but no law keeps any more: addresses of trades that ended long ago and what was
said and shown about them, and much later the names of those who were paid commission.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from tongdao.foundation.sweeping import work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.throttling import Limit, TooManyTries, take
from tongdao.rewards.settlement.personal import forget_payees
from tongdao.rulebook.retention import ACCOUNTING, TAX_PAPERS, TRADE_RECORDS
from tongdao.trade.aftersales.personal import forget_evidence
from tongdao.trade.disputes.personal import forget_statement_files
from tongdao.trade.orders.personal import forget_addresses
from tongdao.trade.talk.personal import forget_messages

TRADES = (forget_addresses, forget_messages, forget_evidence, forget_statement_files)
ROUND = Limit("retention_round", 1, timedelta(hours=1))
AT_ONCE = 500  # rows in one transaction


def sweep_lapsed(now: datetime) -> int:
    """Once an hour over all merchants, whichever worker comes first; returns how many merchants had some."""
    try:
        take(ROUND, "")
    except TooManyTries:
        return 0
    with connections["platform"].cursor() as cursor:
        cursor.execute("select id from merchant order by id")
        merchants = [(row[0],) for row in cursor.fetchall()]
    trades, books = _years_ago(now, TRADE_RECORDS.on(now).years), _books_before(now)

    def lapse_all(merchant_id: UUID) -> None:
        for forget in TRADES:
            lapse(merchant_id, trades, forget)
        lapse(merchant_id, books, forget_payees)

    return work_off(merchants, lapse_all, "what has lapsed")


def lapse(
    merchant_id: UUID, before: datetime, forget: Callable[[datetime, int], int] = forget_addresses
) -> int:
    """Write over what one merchant holds from before, some at a time; returns how many rows."""
    total = 0
    while True:
        with merchant_scope(merchant_id):
            done = forget(before, AT_ONCE)
        total += done
        if done < AT_ONCE:
            return total


def _books_before(now: datetime) -> datetime:
    """Books and tax papers are kept so many years from the end of theirs; the longest wins."""
    years = max(sheet.on(now).years for sheet in (ACCOUNTING, TAX_PAPERS))
    return _years_ago(now, years).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _years_ago(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - years, day=28)
