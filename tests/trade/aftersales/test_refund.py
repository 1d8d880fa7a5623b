"""Money back for some units: exact, repeated up to what was paid, never more, also by many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import UUID

import pytest
from django.db import DatabaseError, connections
from django.db.models import F, Sum

from tests.faces.console.support import pay, place_order
from tests.faces.promoter.support import PRICE, SHARE, Earner, make_earner, make_promoted_shop, release
from tests.support.builders import Shop
from tests.support.promoting import make_coupon, sound
from tests.trade.payments.test_loop import balances
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Reservation, Stock
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.aftersales.models import AfterSale, AfterSaleShare, LineRefunded
from tongdao.trade.aftersales.operations import cancel_order, refund_lines
from tongdao.trade.aftersales.refusals import (
    FreightRuleUnknown,
    MoreThanBought,
    OrderNotRefundable,
    RefundReasonUnknown,
)
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.shipping.operations import pack_parcel


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def give(earner: Earner, order_id: UUID, units: int = 1, *, case_id: UUID | None = None) -> AfterSale:
    with merchant_scope(earner.shop.merchant_id):
        line = OrderLine.objects.get(order_id=order_id)
        return refund_lines(
            order_id, {line.id: units}, freight="share", reason="agreed", actor=SYSTEM, case_id=case_id
        )


def pack(earner: Earner, order_id: UUID, units: int | None = None) -> None:
    with merchant_scope(earner.shop.merchant_id):
        allocation = Allocation.objects.get(line__order_id=order_id)
        items = {allocation.id: units} if units else "all"
        waybill = f"SF{uuid7().int % 10**10:010d}"
        pack_parcel(order_id, items, "shunfeng", waybill, actor=SYSTEM)  # type: ignore[arg-type]  # "all"


def order_of(earner: Earner, order_id: UUID) -> Order:
    with merchant_scope(earner.shop.merchant_id):
        return Order.objects.get(pk=order_id)


def test_one_of_three_units_goes_back_with_its_shares(earner: Earner) -> None:
    order_id = earner.sell(3)
    before = balances(earner.shop)
    case = give(earner, order_id)
    with merchant_scope(earner.shop.merchant_id):
        refund = Refund.objects.get(pk=case.refund_id)
        assert (refund.amount_fen, refund.reason, refund.state) == (PRICE, "partly", "requested")
        shares = {row.share.kind: row.amount_fen for row in AfterSaleShare.objects.select_related("share")}
        assert shares["promoter"] == SHARE
        assert sum(shares.values()) == PRICE
        row = Commission.objects.get()
        assert (row.state, row.clawed_fen, row.base_back_fen, row.owed_fen) == ("held", SHARE, PRICE, 0)
    after = balances(earner.shop)
    assert after["refund_due"] == PRICE
    for kind, fen in shares.items():
        account = kind if kind == "channel_fee" else f"held.{kind}"
        assert before[account] - after.get(account, 0) == fen


def test_units_that_are_not_packed_are_not_shipped_any_more(earner: Earner) -> None:
    order_id = earner.sell(3)
    pack(earner, order_id, 2)
    give(earner, order_id)
    with merchant_scope(earner.shop.merchant_id):
        allocation = Allocation.objects.get()
        assert (allocation.packed, allocation.cancelled) == (2, 1)
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(98, 0)}
        assert Reservation.objects.get().state == "consumed"
    assert order_of(earner, order_id).confirm_by is not None, "all that is left has left"


def test_all_of_an_unpacked_order_is_its_cancelling(earner: Earner) -> None:
    coupon = make_coupon(earner.shop)
    order_id = earner.sell(2)
    assert sound(earner.shop, coupon.id) == 1
    give(earner, order_id)
    assert sound(earner.shop, coupon.id) == 1, "the coupon goes back with the last unit"
    give(earner, order_id)
    assert sound(earner.shop, coupon.id) == 0
    assert order_of(earner, order_id).state == "cancelled"
    with merchant_scope(earner.shop.merchant_id):
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(100, 0)}
        assert Refund.objects.aggregate(sum=Sum("amount_fen"))["sum"] == 2 * PRICE - 1_000
        assert Commission.objects.get().state == "void"
    left = balances(earner.shop)
    assert left == {"external.buyer": -left["refund_due"], "refund_due": 2 * PRICE - 1_000}


def test_cancelling_gives_back_what_is_left(earner: Earner) -> None:
    order_id = earner.sell(3)
    give(earner, order_id)
    with merchant_scope(earner.shop.merchant_id):
        cancel_order(order_id, reason="other", actor=SYSTEM)
        assert sorted(Refund.objects.values_list("amount_fen", flat=True)) == [PRICE, 2 * PRICE]
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(100, 0)}
    assert balances(earner.shop) == {"external.buyer": -3 * PRICE, "refund_due": 3 * PRICE}
    with merchant_scope(earner.shop.merchant_id), pytest.raises(OrderNotRefundable):
        refund_lines(order_id, {}, freight="none", reason="other", actor=SYSTEM)


@pytest.mark.parametrize("stage", ["shipped", "received", "released"])
def test_after_shipping_it_can_all_go_back_at_any_stage(earner: Earner, stage: str) -> None:
    order_id = earner.sell(2)
    pack(earner, order_id)
    if stage != "shipped":
        earner.receive(order_id)
    if stage == "released":
        assert release(earner.shop, order_id) == 1
    give(earner, order_id)
    give(earner, order_id)
    order = order_of(earner, order_id)
    assert order.state == ("paid" if stage == "shipped" else "completed")
    assert balances(earner.shop) == {"external.buyer": -2 * PRICE, "refund_due": 2 * PRICE}
    with merchant_scope(earner.shop.merchant_id), pytest.raises(OrderNotRefundable):
        give_none = OrderLine.objects.get().id
        refund_lines(order_id, {give_none: 1}, freight="none", reason="other", actor=SYSTEM)


def test_what_cannot_be_given_back_says_why(earner: Earner) -> None:
    order_id, unpaid = earner.sell(2), earner.order()
    with merchant_scope(earner.shop.merchant_id):
        line = OrderLine.objects.get(order_id=order_id).id
    asked = [
        (order_id, {line: 3}, "none", "other", MoreThanBought),
        (order_id, {line: 0}, "none", "other", MoreThanBought),
        (order_id, {uuid7(): 1}, "none", "other", MoreThanBought),
        (order_id, {line: 1}, "half", "other", FreightRuleUnknown),
        (order_id, {line: 1}, "none", "because", RefundReasonUnknown),
        (unpaid, {line: 1}, "none", "other", OrderNotRefundable),
        (uuid7(), {line: 1}, "none", "other", NotFound),
    ]
    for order, units, freight, reason, refusal in asked:
        with merchant_scope(earner.shop.merchant_id), pytest.raises(refusal):
            refund_lines(order, units, freight=freight, reason=reason, actor=SYSTEM)
    with merchant_scope(earner.shop.merchant_id):
        assert not Refund.objects.exists()


def test_the_same_case_is_opened_once(earner: Earner) -> None:
    order_id, other = earner.sell(3), earner.sell(3)
    case_id = uuid7()
    assert give(earner, order_id, case_id=case_id).id == give(earner, order_id, case_id=case_id).id == case_id
    with pytest.raises(NotFound):
        give(earner, other, case_id=case_id)
    with merchant_scope(earner.shop.merchant_id):
        assert Refund.objects.count() == 1


def at_once(many: int, act: Callable[[], object]) -> list[str]:
    """What each of so many threads ended with."""

    def run(_: int) -> str:
        try:
            act()
        except (Refusal, DatabaseError) as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(many) as pool:
        return sorted(pool.map(run, range(many)))


def test_many_who_give_back_at_once_give_no_more_than_was_paid(earner: Earner) -> None:
    order_id = earner.sell(3)
    pack(earner, order_id)
    done = at_once(8, lambda: give(earner, order_id))
    assert done.count("done") == 3
    assert set(done) <= {"done", "MoreThanBought", "OrderNotRefundable"}
    with merchant_scope(earner.shop.merchant_id):
        attempt = PaymentAttempt.objects.get()
        assert attempt.refunded_fen == attempt.captured_fen == 3 * PRICE
        row = LineRefunded.objects.get()
        assert (row.quantity, row.goods_fen) == (3, 3 * PRICE)
    assert balances(earner.shop) == {"external.buyer": -3 * PRICE, "refund_due": 3 * PRICE}


def test_of_cancelling_and_giving_back_all_each_fen_goes_once(earner: Earner) -> None:
    order_id = earner.sell(2)

    def cancel() -> None:
        with merchant_scope(earner.shop.merchant_id):
            cancel_order(order_id, reason="other", actor=SYSTEM)

    acts: Iterator[Callable[[], object]] = iter(
        [cancel, lambda: give(earner, order_id, 2), cancel, lambda: give(earner, order_id, 2)]
    )
    at_once(4, lambda: next(acts)())
    with merchant_scope(earner.shop.merchant_id):
        assert Refund.objects.aggregate(sum=Sum("amount_fen"))["sum"] == 2 * PRICE
        assert Order.objects.get().state == "cancelled"
    assert_ledger_sound(earner.shop.merchant_id)


def test_giving_back_and_releasing_meet(earner: Earner) -> None:
    """Whoever is first: what is released and what went back are together what was earned."""
    order_id = earner.sell(3)
    pack(earner, order_id)
    earner.receive(order_id)
    acts: Iterator[Callable[[], object]] = iter(
        [lambda: give(earner, order_id), lambda: release(earner.shop, order_id)]
    )
    at_once(2, lambda: next(acts)())
    found = balances(earner.shop)
    assert found.get("held.promoter", 0) + found.get("released.promoter", 0) == 2 * SHARE
    with merchant_scope(earner.shop.merchant_id):
        row = Commission.objects.get()
        assert (row.kept_fen, row.payable_fen) == (2 * SHARE, 2 * SHARE)
        assert (found.get("released.promoter") is None) == (row.state == "held")


@dataclass(frozen=True)
class Unguarded:
    """As one would write it: read what is left, then count. No lock, and no check in the table."""

    shop: Shop
    order_id: UUID
    barrier: Barrier

    def __call__(self) -> None:
        with merchant_scope(self.shop.merchant_id):
            line = OrderLine.objects.get(order_id=self.order_id)
            back = Refund.objects.filter(order_id=self.order_id).aggregate(sum=Sum("amount_fen"))["sum"] or 0
            self.barrier.wait(20)
            if back + PRICE > line.paid_fen:
                return
            attempt = PaymentAttempt.objects.get(purchase__orders=self.order_id)
            Refund.objects.create(
                attempt=attempt, order_id=self.order_id, person_id=uuid7(), refund_no=uuid7().hex,
                amount_fen=Fen(PRICE), currency="CNY", reason="partly", requested_at=attempt.created_at,
                check_at=attempt.created_at,
            )  # fmt: skip


def test_the_race_would_be_lost_without_the_guards(earner: Earner) -> None:
    """Negative control: two who read and then write give more back than was paid …"""
    order_id = earner.sell()
    at_once(2, Unguarded(earner.shop, order_id, Barrier(2)))
    with merchant_scope(earner.shop.merchant_id):
        assert Refund.objects.aggregate(sum=Sum("amount_fen"))["sum"] == 2 * PRICE


def test_the_tables_refuse_what_passes_the_lock_by(earner: Earner) -> None:
    """… and where they write what the operation writes, the second guard stops them."""
    order_id = earner.sell(2)
    pack(earner, order_id)
    give(earner, order_id, 2)
    for column in ("quantity", "goods_fen"):
        with (
            pytest.raises(DatabaseError, match="line_refunded_paid"),
            merchant_scope(earner.shop.merchant_id),
        ):
            LineRefunded.objects.update(**{column: F(column) + 1})


def test_an_order_without_a_promoter_goes_back_as_well(earner: Earner) -> None:
    order_id = place_order(earner.shop, 2)
    pay(earner.shop, order_id)
    give(earner, order_id)
    with merchant_scope(earner.shop.merchant_id):
        assert not Commission.objects.exists()
    assert balances(earner.shop)["refund_due"] == PRICE
