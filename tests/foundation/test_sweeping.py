from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError

from tests.tenancy.planting import make
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order

DUE = 'select merchant_id, id from "order" where pay_by <= %s order by pay_by limit %s'


def orders(days: int, merchants: int = 2) -> list[tuple[UUID, UUID]]:
    """An unpaid order of each of so many merchants, due so many days from now."""
    found = []
    for _ in range(merchants):
        with merchant_scope(uuid7()) as scope:
            order = make(Order, pay_by=clock.now() + timedelta(days=days))
            found.append((scope.merchant, order.id))
    return found


def test_what_is_due_is_seen_over_all_merchants_soonest_first() -> None:
    late, soon, later = orders(-9_001), orders(-9_000), orders(9_000)
    rows = due_rows(DUE, clock.now(), 10_000)
    assert [row for row in rows if row in late + soon + later] == late + soon
    assert due_rows(DUE, clock.now(), 1) == late[:1]


def test_one_that_fails_is_logged_and_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    seen = []

    def act(number: int) -> None:
        if number == 2:
            raise ZeroDivisionError
        seen.append(number)

    with caplog.at_level(logging.ERROR, logger="tongdao.foundation.sweeping"):
        assert work_off([(1,), (2,), (3,)], act, "counting") == 2
    assert seen == [1, 3]
    assert [record.getMessage() for record in caplog.records] == ["counting failed for (2,)"]


def test_a_lost_connection_ends_the_sweep() -> None:
    """The rows that follow would all fail: the loop starts anew with a new connection."""
    error = OperationalError("server closed the connection unexpectedly")

    def act(number: int) -> None:
        raise error

    with pytest.raises(OperationalError):
        work_off([(1,), (2,)], act, "counting")
