"""A group forms when every seat is paid, dissolves when its time passes first, and never both."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from tests.terms.promotions.support import (
    STAFF,
    Bought,
    Store,
    a_claim,
    a_group_buy,
    a_store,
    at_once,
    buy,
    buy_all,
    counts,
    decide_and_write,
    group_of,
    recorded,
)
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.locking import lock_and_read
from tongdao.terms.promotions.models import Promotion, PromotionUse
from tongdao.terms.promotions.operations import (
    SeatsPaid,
    dissolve_group,
    return_uses,
    seats_paid,
    stop_promotion,
    sweep_groups,
)
from tongdao.terms.promotions.queries import (
    group_view,
    groups_awaited,
    open_groups,
    orders_of_dissolved,
    waiting_orders,
)

LATER = timedelta(hours=3)


def pay(store: Store, *orders: Bought) -> SeatsPaid:
    with merchant_scope(store.merchant_id):
        return seats_paid([order.order_id for order in orders], at=clock.now(), actor=SYSTEM)


def a_group(store: Store, size: int = 2, taken: int = 2) -> tuple[Promotion, list[Bought]]:
    offer = a_group_buy(store, size=size)
    first = buy(store, a_claim(offer, opens_group=True))
    return offer, [first, *(buy(store, a_claim(offer, group=first.group)) for _ in range(taken - 1))]


def dissolve(store: Store, group: UUID | None) -> bool:
    assert group is not None
    with clock.shifted(LATER), merchant_scope(store.merchant_id):
        return dissolve_group(group, actor=SYSTEM)


def waiting(store: Store, orders: list[Bought]) -> set[UUID]:
    with merchant_scope(store.merchant_id):
        return waiting_orders([order.order_id for order in orders])


def lost(store: Store) -> set[UUID]:
    later = clock.now() + LATER
    return {order for merchant, order in orders_of_dissolved(later, 10_000) if merchant == store.merchant_id}


def test_it_forms_with_the_last_payment_and_its_orders_go_on() -> None:
    store = a_store()
    _, orders = a_group(store)
    group = orders[0].group
    assert pay(store, orders[0]) == SeatsPaid()
    assert waiting(store, orders) == {order.order_id for order in orders}
    with merchant_scope(store.merchant_id):
        awaited = groups_awaited([orders[1].order_id])[orders[1].order_id]
        assert (awaited.group_id, awaited.paid, awaited.size, awaited.dissolved) == (group, 1, 2, False)
    assert group is not None
    assert pay(store, orders[1]) == SeatsPaid(formed=(group,))
    assert (group_of(store, group).state, waiting(store, orders)) == ("formed", set())
    assert recorded(store, "buying_group", group)[-1] == "buying_group.formed"


def test_a_seat_is_paid_once() -> None:
    store = a_store()
    _, orders = a_group(store, size=3)
    for _ in range(3):
        assert pay(store, orders[0]) == SeatsPaid()
    assert group_of(store, orders[0].group).paid == 1


def test_all_paid_in_one_batch_form_it_once() -> None:
    store = a_store()
    _, orders = a_group(store, size=3, taken=3)
    assert len(pay(store, *orders).formed) == 1
    assert pay(store, *orders) == SeatsPaid()


def test_orders_without_a_group_are_none_of_its_business() -> None:
    store = a_store()
    with merchant_scope(store.merchant_id):
        assert seats_paid([uuid7()], at=clock.now(), actor=SYSTEM) == SeatsPaid()
        assert waiting_orders([uuid7()]) == set()


def test_it_dissolves_only_after_its_time_and_with_a_seat_free() -> None:
    store = a_store()
    _, orders = a_group(store, size=3)
    with merchant_scope(store.merchant_id):
        assert orders[0].group and not dissolve_group(orders[0].group, actor=SYSTEM)
    _, full = a_group(store)
    assert not dissolve(store, full[0].group), "its unpaid seats end by themselves"
    assert dissolve(store, orders[0].group)
    assert not dissolve(store, orders[0].group)
    with pytest.raises(NotFound):
        dissolve(store, uuid7())


def test_the_sweep_finds_what_is_due_and_tells_whose_orders_it_hit() -> None:
    store = a_store()
    offer, orders = a_group(store, size=3)
    pay(store, orders[0])
    assert not lost(store)
    with clock.shifted(LATER):
        assert sweep_groups(clock.now(), 10_000) >= 1
    assert lost(store) == {order.order_id for order in orders}
    assert waiting(store, orders) == lost(store), "nothing of a dissolved group is packed"
    with merchant_scope(store.merchant_id):
        return_uses([orders[0].order_id], actor=SYSTEM)
    assert lost(store) == {orders[1].order_id}
    with merchant_scope(store.merchant_id):
        return_uses([orders[1].order_id], actor=SYSTEM)
    assert not lost(store)
    assert counts(store, offer).used == 0
    group = group_of(store, orders[0].group)
    assert (group.state, group.taken, group.paid) == ("dissolved", 0, 0)


def test_a_payment_after_it_dissolved_is_told_to_be_refunded() -> None:
    store = a_store()
    _, orders = a_group(store, size=3)
    assert dissolve(store, orders[0].group)
    assert pay(store, orders[1]) == SeatsPaid(stranded=(orders[1].order_id,))
    assert group_of(store, orders[0].group).paid == 0


def test_a_paid_seat_given_back_is_free_and_unpaid() -> None:
    store = a_store()
    _, orders = a_group(store, size=3)
    pay(store, *orders)
    with merchant_scope(store.merchant_id):
        return_uses([orders[1].order_id], actor=SYSTEM)
    group = group_of(store, orders[0].group)
    assert (group.taken, group.paid) == (1, 1)


def test_a_formed_group_stays_formed_when_one_gives_back() -> None:
    store = a_store()
    offer, orders = a_group(store)
    pay(store, *orders)
    with merchant_scope(store.merchant_id):
        return_uses([orders[0].order_id], actor=SYSTEM)
    group = group_of(store, orders[0].group)
    assert (group.state, group.taken, counts(store, offer).used) == ("formed", 2, 1)
    assert waiting(store, orders) == set()


def test_what_buyers_see_of_groups() -> None:
    store = a_store()
    offer, orders = a_group(store, size=3)
    a_group(store)
    group = orders[0].group
    assert group is not None
    with merchant_scope(store.merchant_id):
        (seen,) = open_groups(offer.id, clock.now())
        assert (seen, seen.left, seen.joinable) == (group_view(group, clock.now()), 1, True)
        assert not group_view(group, clock.now() + LATER).joinable
        stop_promotion(offer.id, actor=STAFF)
        assert open_groups(offer.id, clock.now()) == ()
        with pytest.raises(NotFound):
            group_view(uuid7(), clock.now())


def test_two_buyers_at_once_and_one_seat() -> None:
    """The lock lets one of them in; the other is told."""
    store = a_store()
    offer, orders = a_group(store, size=3)
    joining = [a_claim(offer, group=orders[0].group)]
    answers = at_once(store, [lambda: buy_all([(uuid7(), joining)])] * 4)
    kinds = sorted(type(answer[0]).__name__ for answer in answers if isinstance(answer, list))
    assert kinds == ["Bought", "GroupFull", "GroupFull", "GroupFull"], answers
    assert group_of(store, orders[0].group).taken == 3


def test_without_the_lock_the_constraint_stops_the_second() -> None:
    """Negative control: who read before the other wrote sees a seat free. The database does not."""
    store = a_store()
    offer, orders = a_group(store, size=3)
    joining = [a_claim(offer, group=orders[0].group)]
    with merchant_scope(store.merchant_id):
        stale = lock_and_read([(uuid7(), joining)])
    buy(store, *joining)
    with (
        pytest.raises(IntegrityError, match="buying_group_seats"),
        merchant_scope(store.merchant_id),
    ):
        decide_and_write([(uuid7(), joining)], stale)
    assert group_of(store, orders[0].group).taken == 3


@pytest.mark.parametrize("turn", range(6))
def test_a_payment_and_the_deadline_at_once(turn: int) -> None:
    """Whoever comes first decides, and the payment is counted or told of, never both."""
    store = a_store()
    _, orders = a_group(store, size=3)
    group = orders[0].group
    assert group is not None
    pay(store, orders[0])

    def pay_second() -> object:
        return seats_paid([orders[1].order_id], at=clock.now(), actor=SYSTEM)

    def end_it() -> object:
        with clock.shifted(LATER):
            return dissolve_group(group, actor=SYSTEM)

    paid, gone = at_once(store, [pay_second, end_it] if turn % 2 else [end_it, pay_second])[
        :: turn % 2 * 2 - 1
    ]
    assert gone is True
    assert isinstance(paid, SeatsPaid)
    row = group_of(store, group)
    with merchant_scope(store.merchant_id):
        marked = PromotionUse.objects.filter(group_id=group, paid_at__isnull=False).count()
    assert (row.state, row.paid) == ("dissolved", marked)
    assert bool(paid.stranded) == (marked == 1), "either counted, or told to be refunded"
    assert {order.order_id for order in orders} == lost(store)
