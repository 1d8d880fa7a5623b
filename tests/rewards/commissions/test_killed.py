"""The release sweep killed in a transaction and at drawn moments: it goes on, and nothing comes twice."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.conftest import Cluster
from tests.faces.promoter.support import SHARE, Earner, make_earner, make_promoted_shop, release
from tests.rewards.killing import PATIENCE, drawn, kill_at, start, wait_for
from tests.support.builders import AFTER_RETURNS
from tests.tenancy.catalogue import superuser
from tongdao.finance.ledger.chart import held_promoter, released_promoter
from tongdao.finance.ledger.models import Transaction
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.trade.orders.models import Order

PROGRAM = """
from datetime import timedelta
import django
django.setup()
from tongdao.foundation import clock
from tongdao.rewards.commissions.operations import sweep_release
sweep_release(clock.now() + timedelta(days=20), limit=100_000, size=2)
"""
WAITING = """
select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%ledger_balance%'
"""
ORDERS = 16


@pytest.fixture
def earner() -> Earner:
    made = make_earner(make_promoted_shop())
    for _ in range(ORDERS):
        made.receive(made.sell())
    return made


def released(earner: Earner) -> set[UUID]:
    with merchant_scope(earner.shop.merchant_id):
        return set(Order.objects.filter(released_at__isnull=False).values_list("id", flat=True))


def check(earner: Earner) -> None:
    """What is marked is posted and what is posted is marked, each order once."""
    marked = released(earner)
    with merchant_scope(earner.shop.merchant_id):
        posted = list(Transaction.objects.filter(kind="release").values_list("subject", flat=True))
        states = set(Commission.objects.filter(order_id__in=marked).values_list("state", flat=True))
        held, due = balance(held_promoter(earner.promoter_id)), balance(released_promoter(earner.promoter_id))
    assert sorted(posted) == sorted(marked)
    assert states <= {"released"}
    assert (held, due) == (SHARE * (ORDERS - len(marked)), SHARE * len(marked))
    assert_ledger_sound(earner.shop.merchant_id)


@pytest.mark.slow
def test_killed_with_its_transaction_open(earner: Earner, cluster: Cluster) -> None:
    with merchant_scope(earner.shop.merchant_id):
        first = Order.objects.order_by("id").values_list("id", flat=True)[0]
    release(earner.shop, first)  # so that the balance has a row
    with superuser() as watcher, superuser() as admin, admin.transaction(force_rollback=True):
        admin.execute(
            "select from ledger_balance where merchant_id = %s for update", [earner.shop.merchant_id]
        )
        program = start(cluster, PROGRAM)
        wait_for(lambda: watcher.execute(WAITING).fetchone() is not None)
        program.kill()
        assert program.wait(PATIENCE) == -9
    check(earner)
    sweep_release(clock.now() + AFTER_RETURNS, limit=100_000)
    assert len(released(earner)) == ORDERS
    check(earner)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_drawn_moments_again_and_again(earner: Earner, cluster: Cluster, seed: int) -> None:
    moments = drawn(seed, ORDERS)
    kills = 0
    for moment in moments:
        kills += kill_at(cluster, PROGRAM, moment, lambda: len(released(earner)))
        check(earner)
    assert kills, "it was never killed: give it more orders"
    assert start(cluster, PROGRAM).wait(PATIENCE) == 0
    assert len(released(earner)) == ORDERS
    check(earner)
