"""What an order takes: read under lock, refused with a reason, written in one statement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.terms.promotions.support import (
    DAY,
    STAFF,
    Bought,
    a_claim,
    a_coupon,
    a_flash,
    a_gift,
    a_group_buy,
    a_store,
    buy,
    buy_all,
    counts,
    group_of,
    noting,
    recorded,
)
from tongdao.foundation import clock
from tongdao.foundation.bulk import Together
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import LockOrderBroken, Rank, enter_rank
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.locking import lock_and_read, object_to
from tongdao.terms.promotions.operations import change_promotion, stop_promotion
from tongdao.terms.promotions.refusals import (
    CouponUsedUp,
    FlashSoldOut,
    GiftsGone,
    GroupFull,
    GroupGone,
    GroupJoined,
    LimitReached,
    PromotionChanged,
    PromotionEnded,
    PromotionNotStarted,
)
from tongdao.terms.promotions.writing import write_claims


def test_a_use_is_counted_for_all_and_for_the_member() -> None:
    store = a_store()
    coupon, flash = a_coupon(store), a_flash(store)
    one = buy(store, a_claim(coupon), a_claim(flash, 3, off=9_000))
    two = buy(store, a_claim(flash, 2, off=6_000))
    assert counts(store, coupon).members == {one.member_id: 1}
    assert counts(store, flash).used == 5
    assert counts(store, flash).given == 15_000
    assert counts(store, flash).members == {one.member_id: 3, two.member_id: 2}


def test_a_batch_takes_what_is_left_in_its_order() -> None:
    store = a_store()
    flash = a_flash(store, quota=5)
    wanted = [(uuid7(), [a_claim(flash, units)]) for units in (3, 3, 2, 1)]
    with merchant_scope(store.merchant_id):
        answers = buy_all(wanted)
    assert [type(answer) for answer in answers] == [Bought, FlashSoldOut, Bought, FlashSoldOut]
    assert counts(store, flash).used == 5


def test_a_member_keeps_his_limit_over_orders_and_inside_a_batch() -> None:
    store, member = a_store(), uuid7()
    coupon = a_coupon(store, per_member=2)
    buy(store, a_claim(coupon), member=member)
    with merchant_scope(store.merchant_id):
        answers = buy_all(
            [(member, [a_claim(coupon)]), (member, [a_claim(coupon)]), (uuid7(), [a_claim(coupon)])]
        )
    assert [type(answer) for answer in answers] == [Bought, LimitReached, Bought]
    assert counts(store, coupon).members[member] == 2


@pytest.mark.parametrize(
    ("make", "why"), [(a_coupon, CouponUsedUp), (a_flash, FlashSoldOut), (a_gift, GiftsGone)]
)
def test_what_is_used_up_is_refused_in_its_own_words(make: object, why: type[Refusal]) -> None:
    store = a_store()
    promotion = make(store, quota=1)  # type: ignore[operator]  # one of the builders
    buy(store, a_claim(promotion))
    with pytest.raises(why):
        buy(store, a_claim(promotion))


def test_rules_that_changed_since_the_quote_are_refused() -> None:
    store = a_store()
    coupon = a_coupon(store)
    with merchant_scope(store.merchant_id):
        change_promotion(coupon.id, off_fen=400, actor=STAFF)
    with pytest.raises(PromotionChanged):
        buy(store, a_claim(coupon))
    assert counts(store, coupon).used == 0


def test_what_does_not_run_is_refused() -> None:
    store = a_store()
    now = clock.now()
    early = a_coupon(store, starts_at=now + DAY, ends_at=now + 2 * DAY)
    with pytest.raises(PromotionNotStarted):
        buy(store, a_claim(early))
    with clock.shifted(2 * DAY), pytest.raises(PromotionEnded):
        buy(store, a_claim(early))
    coupon = a_coupon(store)
    with merchant_scope(store.merchant_id):
        stop_promotion(coupon.id, actor=STAFF)
    with pytest.raises(PromotionEnded):
        buy(store, a_claim(coupon))


def test_anothers_promotion_is_none() -> None:
    coupon = a_coupon(a_store())
    with pytest.raises(PromotionEnded):
        buy(a_store(), a_claim(coupon))


def test_opening_a_group_takes_its_first_seat() -> None:
    store = a_store()
    offer = a_group_buy(store, size=3)
    first = buy(store, a_claim(offer, opens_group=True))
    group = group_of(store, first.group)
    assert (group.size, group.taken, group.paid, group.opened_by) == (3, 1, 0, first.member_id)
    assert timedelta(hours=1) < group.deadline - clock.now() <= timedelta(hours=2)
    assert recorded(store, "buying_group", group.id) == ["buying_group.opened"]


def test_a_group_ends_with_its_promotion_at_the_latest() -> None:
    store = a_store()
    offer = a_group_buy(store, group_hours=168)
    group = group_of(store, buy(store, a_claim(offer, opens_group=True)).group)
    assert group.deadline == offer.ends_at


def test_seats_are_taken_until_the_group_is_full() -> None:
    store = a_store()
    offer = a_group_buy(store, size=3)
    first = buy(store, a_claim(offer, opens_group=True))
    joining = [a_claim(offer, group=first.group)]
    with merchant_scope(store.merchant_id):
        answers = buy_all(
            [(first.member_id, joining), (uuid7(), joining), (uuid7(), joining), (uuid7(), joining)]
        )
    assert [type(answer) for answer in answers] == [GroupJoined, Bought, Bought, GroupFull]
    assert group_of(store, first.group).taken == 3


def test_the_same_buyer_twice_in_a_batch_gets_one_seat() -> None:
    store, member = a_store(), uuid7()
    offer = a_group_buy(store, size=4)
    joining = [a_claim(offer, group=buy(store, a_claim(offer, opens_group=True)).group)]
    with merchant_scope(store.merchant_id):
        answers = buy_all([(member, joining), (member, joining)])
    assert [type(answer) for answer in answers] == [Bought, GroupJoined]


def test_a_group_past_its_deadline_or_of_another_promotion_is_gone() -> None:
    store = a_store()
    offer, other = a_group_buy(store), a_group_buy(store)
    group = buy(store, a_claim(offer, opens_group=True)).group
    with clock.shifted(timedelta(hours=3)), pytest.raises(GroupGone):
        buy(store, a_claim(offer, group=group))
    with pytest.raises(GroupGone):
        buy(store, a_claim(other, group=group))
    with pytest.raises(GroupGone):
        buy(store, a_claim(offer, group=uuid7()))


def test_nothing_claimed_sends_no_statement() -> None:
    sent: list[str] = []
    with merchant_scope(uuid7()):
        with connection.execute_wrapper(noting(sent)):
            locked = lock_and_read([(uuid7(), []), (uuid7(), [])])
            together = Together()
            assert write_claims(together, [], locked) == {}
            together.execute()
        assert object_to([], uuid7(), locked, clock.now()) is None
    assert sent == []


@pytest.mark.parametrize("rank", [Rank.ACCOUNT, Rank.DAY])
def test_promotions_are_locked_before_the_ledger(rank: Rank) -> None:
    with merchant_scope(uuid7()):
        enter_rank(rank)
        with pytest.raises(LockOrderBroken):
            lock_and_read([])
