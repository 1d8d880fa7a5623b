"""A database from before commissions and refunds in part gets the rows that it would have had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connections, models

from tests.faces.console.support import paid_order
from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop, release
from tests.interleaving.scratch import scratch_database
from tests.trade.payments.test_loop import balances
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Clawback, Commission
from tongdao.rewards.commissions.queries import income
from tongdao.trade.aftersales.models import AfterSaleLine, AfterSaleShare, LineRefunded
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import Order, OrderLine

FILLED: tuple[type[models.Model], ...] = (Commission, Clawback, AfterSaleLine, AfterSaleShare, LineRefunded)
BEFORE = (("commissions", "zero"), ("aftersales", "0001"), ("orders", "0003"))


def as_of_old(earner: Earner) -> dict[str, UUID]:
    """Orders in every state that there was; shares were released at receipt, and refunds were of all."""
    orders = {name: earner.sell(units) for units, name in enumerate(("paid", "completed", "cancelled"), 1)}
    earner.complete(orders["completed"])
    earner.cancel(orders["cancelled"])
    return orders | {"unpaid": earner.order(), "of nobody": paid_order(earner.shop)}


def rows(model: type[models.Model]) -> list[dict[str, Any]]:
    """Without what is made anew: their own ids, and those of each other; and when a claim was noted."""
    left_out = {"id", "at", "held_at", "released_at", "commission_id"}
    fields = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
    found = model._default_manager.order_by(*fields).values(*fields)
    return list(found)


def migrate(steps: Sequence[tuple[str, str]]) -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
    for app, name in steps:
        call_command("migrate", app, name, database="owner", verbosity=0, interactive=False)


def test_rows_of_old_orders_are_filled_in_and_agree_with_the_books() -> None:
    with scratch_database(()):
        earner = make_earner(make_promoted_shop())
        orders = as_of_old(earner)
        with merchant_scope(earner.shop.merchant_id):
            before = {model: rows(model) for model in FILLED}
        booked = balances(earner.shop)
        migrate(BEFORE)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        with merchant_scope(earner.shop.merchant_id):
            assert all(before.values()), "there is something of each kind to compare"
            assert {model: rows(model) for model in FILLED} == before
            done = Order.objects.get(released_at__isnull=False)
            assert (done.id, done.released_at, done.release_at) == (
                orders["completed"],
                *[done.completed_at] * 2,
            )
            earned = income([earner.promoter_id])
        agree(earner, booked)
        assert (earned.held.orders, earned.released.orders, earned.estimated.orders) == (1, 1, 1)
        go_on(earner, orders)


def agree(earner: Earner, booked: dict[str, int]) -> None:
    """What stands in the promoter's accounts is what the rows say."""
    assert balances(earner.shop) == booked
    with merchant_scope(earner.shop.merchant_id):
        for state in ("held", "released"):
            due = sum(row.payable_fen for row in Commission.objects.filter(state=state))
            assert booked[f"{state}.promoter"] == due > 0


def go_on(earner: Earner, orders: dict[str, UUID]) -> None:
    """Old orders live on: the paid one is received and released, of the completed one a unit goes back."""
    earner.receive(orders["paid"])
    assert release(earner.shop, orders["paid"], orders["completed"]) == 1
    with merchant_scope(earner.shop.merchant_id):
        line = OrderLine.objects.get(order_id=orders["completed"])
        case = refund_lines(orders["completed"], {line.id: 1}, freight="none", reason="other", actor=SYSTEM)
        assert case.refund.amount_fen == Fen(line.paid_fen // 2)
    found = balances(earner.shop)
    assert "held.promoter" not in found
    with merchant_scope(earner.shop.merchant_id):
        assert found["released.promoter"] == sum(row.payable_fen for row in Commission.objects.all())
