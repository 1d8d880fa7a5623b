"""Facts kept by the log: right after each step, and the same when read again from zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.crm.metrics.models import MemberFacts
from tongdao.crm.metrics.queries import sales_days
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.events import readers
from tongdao.foundation.events.loop import run_pending
from tongdao.foundation.events.testing import assert_replay_equal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.payments.operations import sweep_refunds


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    """Two orders of one buyer, one of them cancelled and paid back; one unpaid of another."""
    made = make_shop((5_000,))
    sandbox.connect(made)
    first = a_request(made)
    orders = [place_one(first, made), place_one(a_request(made, 2, person_id=first.person_id), made)]
    for placed in orders:
        sandbox.pay(sandbox.open(made, placed, first.person_id))
    place_one(a_request(made), made)
    with merchant_scope(made.merchant_id):
        cancel_order(orders[0].order_ids[0], reason="other", actor=SYSTEM)
    sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    while run_pending():
        continue
    return made


def test_members_and_days_are_right(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        facts, other = MemberFacts.objects.order_by("-orders_paid")
        assert (other.orders_paid, other.paid_fen, other.last_paid_at) == (0, 0, None)
        assert facts.joined_at is not None and other.joined_at is not None
        assert (facts.orders_paid, facts.paid_fen, facts.refunded_fen) == (2, 15_000, 5_000)
        assert facts.first_paid_at is not None and facts.last_paid_at is not None
        assert facts.first_paid_at < facts.last_paid_at
        before, now = sales_days(today(), days=2)
    assert (now.orders_placed, now.orders_paid, now.paid_fen, now.refunded_fen) == (3, 2, 15_000, 5_000)
    assert (before.day, before.orders_placed, before.paid_fen) == (today() - timedelta(days=1), 0, 0)


def test_every_projection_of_the_product_replays_to_the_same(shop: Shop) -> None:
    projections = [reader.name for reader in readers().values() if reader.kind == "projection"]
    assert {"metrics.member_facts", "metrics.days"} <= set(projections)
    for name in projections:
        assert_replay_equal(name, shop.merchant_id)
