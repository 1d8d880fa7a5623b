"""A sweep's few places go round the merchants: one whose channel is dead keeps nobody else waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tenancy.planting import make
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.sweeping import due_rows
from tongdao.foundation.tenancy import TenantModel, merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import closing, refunding, resolving

LONG_AGO = clock.now() - timedelta(days=8_000)  # before all that other tests leave behind


def plant(model: type[TenantModel], due: str, at: datetime, **columns: Any) -> Any:
    with merchant_scope(uuid7()) as scope:
        for minutes in range(3):
            make(model, **{due: at + timedelta(minutes=minutes)}, **columns)
        return scope.merchant


@pytest.mark.parametrize(
    ("statement", "model", "due"),
    [
        (closing.DUE, Order, "pay_by"),
        (resolving.DUE, PaymentAttempt, "check_at"),
        (refunding.DUE, Refund, "check_at"),
    ],
)
def test_each_merchant_gets_a_turn_before_one_gets_a_second(
    statement: str, model: type[TenantModel], due: str
) -> None:
    first = plant(model, due, LONG_AGO - timedelta(days=1))
    second = plant(model, due, LONG_AGO)
    rows = due_rows(statement, LONG_AGO + timedelta(hours=1), 2)
    assert {row[0] for row in rows} == {first, second}
    assert len(due_rows(statement, LONG_AGO + timedelta(hours=1), 100)) == 6
    for merchant_id in (first, second):  # the sweeps of other tests find nothing of this
        with merchant_scope(merchant_id):
            model.objects.update(**{due: clock.now() + timedelta(days=8_000)})
