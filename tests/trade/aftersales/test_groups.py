"""The life of a buying group above its room: it forms and ships, or dissolves and undoes itself."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from tests.conftest import Cluster
from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tests.support.promoting import make_group_buy, sound, the_group
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events.loop import deliver_pending, run_pending
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.people.operations import create_guest
from tongdao.terms.promotions.operations import sweep_groups
from tongdao.terms.promotions.pricing import Choice
from tongdao.terms.promotions.queries import orders_of_dissolved
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import cancel_order, sweep_dissolved_groups
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.operations import Placed, begin_close
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import sweep_refunds
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.shipping.queries import orders_to_ship, shippable
from tongdao.trade.shipping.refusals import GroupNotFormed
from tongdao.trade.story.queries import order_story

PROGRAM = """
import os, signal, sys
import django
django.setup()
from datetime import timedelta
from django.db import connection
from tongdao.foundation import clock
from tongdao.trade.aftersales.operations import sweep_dissolved_groups
left = int(sys.argv[1])
def count(execute, *statement):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*statement)
with clock.shifted(timedelta(days=1)), connection.execute_wrapper(count):
    sweep_dissolved_groups(clock.now(), 100_000)
"""
DAY = timedelta(days=1)
PRICE = 6_000  # instead of 9,990


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((9_990,))
    sandbox.connect(made)
    return made


class Buyer:
    """Somebody who orders a unit at the group price: in a new group, or in the one that is open."""

    def __init__(self, shop: Shop, sandbox: PaySandbox, group: UUID | None = None) -> None:
        self.shop, self.sandbox, self.person_id = shop, sandbox, create_guest().id
        choice = Choice(group=group, open_group=group is None)
        self.placed: Placed = place_one(a_request(shop, person_id=self.person_id, choice=choice), shop)
        self.trade_no = sandbox.open(shop, self.placed, self.person_id)

    def pay(self, **options: object) -> None:
        self.sandbox.pay(self.trade_no, **options)

    @property
    def order(self) -> Order:
        with merchant_scope(self.shop.merchant_id):
            return Order.objects.get(pk=self.placed.order_ids[0])

    def story(self) -> list[tuple[str, str]]:
        with merchant_scope(self.shop.merchant_id):
            return [(step.code, step.state) for step in order_story(self.order_id).steps]

    @property
    def order_id(self) -> UUID:
        return self.placed.order_ids[0]

    def refunds(self) -> list[tuple[str, int]]:
        with merchant_scope(self.shop.merchant_id):
            return list(Refund.objects.filter(order_id=self.order_id).values_list("reason", "amount_fen"))


def to_ship(shop: Shop) -> list[UUID]:
    with merchant_scope(shop.merchant_id):
        return [order.order_id for order in orders_to_ship()]


def pack(buyer: Buyer, waybill: str) -> None:
    with merchant_scope(buyer.shop.merchant_id):
        pack_parcel(buyer.order_id, "all", "shunfeng", waybill, actor=SYSTEM)


def free_stock(shop: Shop) -> set[tuple[int, int]]:
    with merchant_scope(shop.merchant_id):
        return set(Stock.objects.values_list("on_hand", "reserved"))


def dissolve(times: int = 1, limit: int = 100_000) -> None:
    """The sweep of a day later, as often as told."""
    with clock.shifted(DAY):
        for _ in range(times):
            sweep_dissolved_groups(clock.now(), limit)


def test_a_group_that_forms_is_shipped_and_its_time_counts_from_then(shop: Shop, sandbox: PaySandbox) -> None:
    make_group_buy(shop, PRICE)
    first = Buyer(shop, sandbox)
    first.pay()
    assert (first.order.state, first.order.total_fen) == ("paid", PRICE)
    assert to_ship(shop) == []
    assert ("group", "current") in first.story()
    with pytest.raises(GroupNotFormed):
        pack(first, "SF1234567890")
    with merchant_scope(shop.merchant_id):
        found = shippable(first.order_id)
        assert found is not None and found.lines == ()

    with merchant_scope(shop.merchant_id):  # it was paid a day ago
        Order.objects.filter(pk=first.order_id).update(ship_by=clock.now() + DAY)
    second = Buyer(shop, sandbox, the_group(shop).id)
    second.pay()
    assert the_group(shop).state == "formed"
    while run_pending() or deliver_pending():
        continue
    assert to_ship(shop) == [first.order_id, second.order_id]
    for buyer in (first, second):
        promised = buyer.order.ship_by
        assert promised is not None and promised > clock.now() + timedelta(hours=47)
        assert ("group", "current") not in buyer.story()
    pack(first, "SF1234567890")
    dissolve()
    assert second.order.state == "paid"


def test_a_group_that_dissolves_gives_its_buyers_their_money_back(shop: Shop, sandbox: PaySandbox) -> None:
    """Of three seats one is paid and one taken: the first is refunded, the second closed, both are free."""
    promotion = make_group_buy(shop, PRICE, group_size=3)
    first = Buyer(shop, sandbox)
    first.pay()
    second = Buyer(shop, sandbox, the_group(shop).id)
    assert sound(shop, promotion.id) == 2

    dissolve()
    assert the_group(shop).state == "dissolved"
    assert (first.order.state, second.order.state) == ("cancelled", "closed")
    assert first.order.close_reason == second.order.close_reason == "group_dissolved"
    assert (first.refunds(), second.refunds()) == ([("group_dissolved", PRICE)], [])
    assert ("refund", "current") in first.story()
    assert sound(shop, promotion.id) == 0
    assert free_stock(shop) == {(10, 0)}

    dissolve(times=2)
    assert len(first.refunds()) == 1
    pay_back(sandbox)
    with merchant_scope(shop.merchant_id):
        assert Refund.objects.get().state == "succeeded"
        assert AfterSale.objects.get().state == "settled"
    assert_ledger_sound(shop.merchant_id)


def test_both_buyers_of_a_group_that_stays_one_short_are_refunded(shop: Shop, sandbox: PaySandbox) -> None:
    promotion = make_group_buy(shop, PRICE, group_size=3)
    first = Buyer(shop, sandbox)
    second = Buyer(shop, sandbox, the_group(shop).id)
    for buyer in (first, second):
        buyer.pay()
    dissolve()
    pay_back(sandbox)
    for buyer in (first, second):
        assert (buyer.order.state, buyer.refunds()) == ("cancelled", [("group_dissolved", PRICE)])
        assert ("refunded", "done") in buyer.story()
    assert sound(shop, promotion.id) == 0
    assert_ledger_sound(shop.merchant_id)


@pytest.mark.slow
def test_it_goes_on_wherever_it_was_killed(shop: Shop, sandbox: PaySandbox, cluster: Cluster) -> None:
    """Three turns that die before one of their statements each, then one that does not."""
    promotion = make_group_buy(shop, PRICE, group_size=3)
    first = Buyer(shop, sandbox)
    first.pay()
    second = Buyer(shop, sandbox, the_group(shop).id)
    ended = [die_before(statement, cluster) for statement in (6, 25, 45)]
    assert ended == [-9, -9, -9]
    dissolve()
    assert (first.order.state, second.order.state) == ("cancelled", "closed")
    assert (first.refunds(), second.refunds()) == ([("group_dissolved", PRICE)], [])
    assert sound(shop, promotion.id) == 0
    assert free_stock(shop) == {(10, 0)}
    assert_ledger_sound(shop.merchant_id)


def die_before(statement: int, cluster: Cluster) -> int:
    argv = [sys.executable, "-c", PROGRAM, str(statement)]
    return subprocess.run(argv, env=cluster.environ, check=False, capture_output=True).returncode


def test_who_pays_for_a_seat_that_is_gone_has_the_money_back(shop: Shop, sandbox: PaySandbox) -> None:
    """The group dissolves, then the payment arrives, and only then is the order looked at."""
    promotion = make_group_buy(shop, PRICE)
    buyer = Buyer(shop, sandbox)
    with clock.shifted(DAY):
        sweep_groups(clock.now(), 100_000)
        assert the_group(shop).state == "dissolved"
        buyer.pay(force=True)
        assert buyer.order.state == "paid"
        assert to_ship(shop) == []
        with pytest.raises(GroupNotFormed):
            pack(buyer, "SF1234567890")
    dissolve()
    assert (buyer.order.state, buyer.refunds()) == ("cancelled", [("group_dissolved", PRICE)])
    assert sound(shop, promotion.id) == 0
    assert_ledger_sound(shop.merchant_id)


def test_a_turn_that_died_is_taken_up_by_the_next(shop: Shop, sandbox: PaySandbox) -> None:
    """It had told that the order is closing, and never came to ask the channel."""
    make_group_buy(shop, PRICE)
    buyer = Buyer(shop, sandbox)
    with clock.shifted(DAY):
        sweep_groups(clock.now(), 100_000)
    with merchant_scope(shop.merchant_id):
        begin_close(buyer.placed.purchase_id, reason="group_dissolved", actor=SYSTEM)
    dissolve()
    assert buyer.order.state == "closed"
    assert the_group(shop).taken == 0
    assert free_stock(shop) == {(10, 0)}


def test_two_workers_at_once_undo_an_order_once(shop: Shop, sandbox: PaySandbox) -> None:
    promotion = make_group_buy(shop, PRICE)
    buyer = Buyer(shop, sandbox)
    buyer.pay()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sweep_in_thread, range(2)))
    assert (buyer.order.state, len(buyer.refunds())) == ("cancelled", 1)
    assert sound(shop, promotion.id) == 0


def sweep_in_thread(_: int) -> None:
    try:
        dissolve()
    finally:
        connections.close_all()


def test_a_dead_channel_holds_up_nobody_else(shop: Shop, sandbox: PaySandbox) -> None:
    """One merchant's channel is away and has more to close than a turn takes; the neighbour's is closed."""
    make_group_buy(shop, PRICE)
    dead = [Buyer(shop, sandbox) for _ in range(3)]
    sandbox.connect(shop, papers=sandbox.papers | {"gateway": "http://127.0.0.1:9"})
    with merchant_scope(shop.merchant_id):
        account = MerchantAccount.objects.get(effective_to__isnull=True)
        PaymentAttempt.objects.update(account=account)
    other = make_shop((9_990,))
    sandbox.connect(other)
    make_group_buy(other, PRICE)
    alive = Buyer(other, sandbox)
    with clock.shifted(DAY):
        sweep_groups(clock.now(), 100_000)
        merchants = {merchant for merchant, _ in orders_of_dissolved(clock.now(), 100_000)}
    dissolve(times=2, limit=len(merchants))  # a turn for each, those included whom other tests left behind
    assert alive.order.state == "closed"
    assert {buyer.order.state for buyer in dead} <= {"placed", "closing"}


def test_a_seat_that_is_cancelled_can_be_had_by_somebody_else(shop: Shop, sandbox: PaySandbox) -> None:
    promotion = make_group_buy(shop, PRICE)
    first = Buyer(shop, sandbox)
    first.pay()
    group = the_group(shop).id
    with merchant_scope(shop.merchant_id):
        cancel_order(first.order_id, reason="changed_mind", actor=SYSTEM)
    assert (the_group(shop).taken, sound(shop, promotion.id)) == (0, 0)
    second, third = (Buyer(shop, sandbox, group) for _ in range(2))
    second.pay()
    third.pay()
    assert the_group(shop).state == "formed"
    assert to_ship(shop) == [second.order_id, third.order_id]


def pay_back(sandbox: PaySandbox) -> None:
    with clock.shifted(2 * DAY):
        sweep_refunds(clock.now(), 100_000)
    sandbox.control("/flush")
    while run_pending() or deliver_pending():
        continue
