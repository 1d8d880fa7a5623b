"""Refunds that come at once are worked off together: each as if it were alone."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from tests.faces.promoter.support import PRICE, Earner, make_earner, make_promoted_shop
from tongdao.finance.ledger.models import Transaction
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import Actor
from tongdao.foundation.committing import commit_each
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.party.people.operations import create_guest
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.aftersales.models import AfterSale, LineRefunded
from tongdao.trade.aftersales.operations import RefundWish
from tongdao.trade.aftersales.operations.refunding import GivenBack
from tongdao.trade.aftersales.queue import Asked, commit, submit
from tongdao.trade.aftersales.refusals import MoreThanBought, RefundReasonUnknown
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.refusals import RefundExceedsPaid


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def wish(
    earner: Earner, order_id: UUID, units: int = 1, *, reason: str = "quality", **more: UUID
) -> RefundWish:
    with merchant_scope(earner.shop.merchant_id):
        line = OrderLine.objects.filter(order_id=order_id).first()
    return RefundWish(order_id, {line.id if line else uuid7(): units}, "share", reason, **more)


def asked(earner: Earner, *wishes: RefundWish) -> list[Asked]:
    return [Asked(each, earner.shop.owner) for each in wishes]


def kinds(answers: Sequence[GivenBack | Exception]) -> list[str]:
    return [type(answer).__name__ for answer in answers]


def hire(earner: Earner, role: Role) -> Actor:
    person = create_guest()
    with merchant_scope(earner.shop.merchant_id):
        add_staff(person.id, role, actor=earner.shop.owner)
    return Actor("staff", person.id)


def units_back(earner: Earner, order_id: UUID) -> int:
    with merchant_scope(earner.shop.merchant_id):
        return sum(LineRefunded.objects.filter(line__order_id=order_id).values_list("quantity", flat=True))


def test_many_orders_at_once_come_to_what_each_would_alone(earner: Earner) -> None:
    orders = [earner.sell(3) for _ in range(4)]
    answers = commit(earner.shop.merchant_id, asked(earner, *(wish(earner, order) for order in orders)))
    assert kinds(answers) == ["GivenBack"] * 4
    with merchant_scope(earner.shop.merchant_id):
        for order, answer in zip(orders, answers, strict=True):
            assert isinstance(answer, GivenBack)
            case = AfterSale.objects.get(order_id=order)
            assert (case.id, case.refund_id) == (answer.case.id, answer.refund.id)
            assert Refund.objects.get(order_id=order).amount_fen == PRICE
            assert [line.quantity for line in answer.lines] == [1]
        rates = {(row.clawed_fen, row.base_back_fen) for row in Commission.objects.all()}
        assert len(rates) == 1
    assert_ledger_sound(earner.shop.merchant_id)


def test_one_that_is_refused_refuses_no_neighbour(earner: Earner) -> None:
    first, second = earner.sell(2), earner.sell(2)
    wishes = (
        wish(earner, first),
        wish(earner, uuid7()),
        wish(earner, second, 3),
        wish(earner, earner.sell(1), reason="whim"),
    )
    answers = commit(earner.shop.merchant_id, asked(earner, *wishes))
    assert kinds(answers) == [
        "GivenBack",
        NotFound.__name__,
        MoreThanBought.__name__,
        RefundReasonUnknown.__name__,
    ]
    assert (units_back(earner, first), units_back(earner, second)) == (1, 0)


def test_one_that_breaks_the_batch_breaks_alone(earner: Earner) -> None:
    good, bad = earner.sell(2), earner.sell(2)
    with merchant_scope(earner.shop.merchant_id):
        attempts = PaymentAttempt.objects.filter(allocations__order_id=bad)
        attempts.update(refunded_fen=2 * PRICE)  # as if it had gone back already
    answers = commit_each(
        commit, earner.shop.merchant_id, asked(earner, wish(earner, good), wish(earner, bad))
    )
    assert kinds(answers) == ["GivenBack", RefundExceedsPaid.__name__]
    assert (units_back(earner, good), units_back(earner, bad)) == (1, 0)
    with merchant_scope(earner.shop.merchant_id):
        assert AfterSale.objects.count() == 1


def test_an_order_that_comes_twice_has_its_turns(earner: Earner) -> None:
    order, other = earner.sell(3), earner.sell(3)
    wishes = (wish(earner, order), wish(earner, order, 2), wish(earner, other), wish(earner, order))
    answers = commit(earner.shop.merchant_id, asked(earner, *wishes))
    assert kinds(answers)[:3] == ["GivenBack"] * 3
    assert not isinstance(answers[3], GivenBack)  # three units were bought
    assert (units_back(earner, order), units_back(earner, other)) == (3, 1)


def test_the_same_case_is_done_once_however_often_it_comes_at_once(earner: Earner) -> None:
    order, case = earner.sell(3), uuid7()
    wishes = [wish(earner, order, case_id=case)] * 3
    answers = commit(earner.shop.merchant_id, asked(earner, *wishes))
    assert {answer.case.id for answer in answers if isinstance(answer, GivenBack)} == {case}
    assert [len(answer.lines) for answer in answers if isinstance(answer, GivenBack)] == [1, 1, 1]
    assert units_back(earner, order) == 1


def test_each_is_booked_for_who_asked(earner: Earner) -> None:
    clerk = hire(earner, Role.SERVICE)
    mine, theirs = earner.sell(2), earner.sell(2)
    both = [Asked(wish(earner, mine), earner.shop.owner), Asked(wish(earner, theirs), clerk)]
    assert kinds(commit(earner.shop.merchant_id, both)) == ["GivenBack"] * 2
    with merchant_scope(earner.shop.merchant_id):
        booked = dict(Transaction.objects.filter(kind="given_back").values_list("subject", "actor_id"))
        told = dict(Event.objects.filter(name="after_sale.opened").values_list("payload__order_id", "actor"))
    assert booked == {mine: earner.shop.owner_id, theirs: clerk.id}
    assert told == {str(mine): earner.shop.owner_id, str(theirs): clerk.id}


def test_who_may_not_is_told_so_and_a_stranger_finds_nothing(earner: Earner) -> None:
    order = earner.sell(2)
    packer, stranger = hire(earner, Role.READ_ONLY), Actor("staff", create_guest().id)
    wishes = [Asked(wish(earner, order), packer), Asked(wish(earner, order), stranger)]
    answers = commit(earner.shop.merchant_id, wishes)
    assert kinds(answers) == [NotAllowed.__name__, NotFound.__name__]
    assert units_back(earner, order) == 0


def test_threads_that_wait_in_line_each_get_their_own(earner: Earner) -> None:
    orders = [earner.sell(2) for _ in range(6)]
    wishes = asked(earner, *(wish(earner, order) for order in orders))

    def one(each: Asked) -> UUID:
        try:
            return submit(earner.shop.merchant_id, each).case.order_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(one, wishes)) == orders
    with merchant_scope(earner.shop.merchant_id):
        assert Order.objects.filter(aftersales__isnull=False).distinct().count() == 6
    assert_ledger_sound(earner.shop.merchant_id)
