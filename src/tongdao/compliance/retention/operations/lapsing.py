"""What nobody asked to erase, but no law keeps any more: the addresses of trades that ended long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from tongdao.foundation.sweeping import work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.throttling import Limit, TooManyTries, take
from tongdao.rulebook.retention import TRADE_RECORDS
from tongdao.trade.orders.personal import forget_addresses

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
    before = _years_ago(now, TRADE_RECORDS.on(now).years)
    return work_off(merchants, lambda merchant_id: lapse(merchant_id, before), "what has lapsed")


def lapse(merchant_id: UUID, before: datetime) -> int:
    """Write over addresses of one merchant, some at a time; returns how many."""
    total = 0
    while True:
        with merchant_scope(merchant_id):
            done = forget_addresses(before, AT_ONCE)
        total += done
        if done < AT_ONCE:
            return total


def _years_ago(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - years, day=28)
