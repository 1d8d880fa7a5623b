"""Many at once on connections of their own: what is left is never exceeded, and the control shows why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random
from uuid import UUID

import pytest
from django.db import IntegrityError

from tests.interleaving.harness import in_turns
from tests.tenancy.catalogue import superuser
from tests.terms.promotions.support import (
    Bought,
    a_claim,
    a_coupon,
    a_flash,
    a_store,
    at_once,
    buy,
    buy_all,
    counts,
    decide_and_write,
)
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.locking import lock_and_read
from tongdao.terms.promotions.offers import Claim
from tongdao.terms.promotions.operations import return_uses

Batch = Sequence[tuple[UUID, Sequence[Claim]]]
TIMES = [pytest.param(seed, id=f"seed {seed}") for seed in range(8)]


def bought(answers: Sequence[object]) -> list[Bought]:
    assert all(isinstance(answer, list) for answer in answers), answers
    return [
        one for answer in answers if isinstance(answer, list) for one in answer if isinstance(one, Bought)
    ]


@pytest.mark.parametrize("seed", TIMES)
def test_batches_over_the_same_offers_in_any_order(seed: int) -> None:
    """No deadlock, no quota and no limit exceeded, nothing refused while something fits."""
    dice, store = Random(seed), a_store()
    coupon = a_coupon(store, quota=9, per_member=2)
    flash = a_flash(store, quota=12, per_member=3)
    members = [uuid7() for _ in range(6)]

    def batch() -> Batch:
        claims = [[a_claim(coupon)], [a_claim(flash, 2)], [a_claim(flash), a_claim(coupon)]]
        return [(dice.choice(members), dice.choice(claims)) for _ in range(5)]

    answers = at_once(store, [partial(buy_all, batch()) for _ in range(6)])
    orders = bought(answers)
    assert counts(store, coupon).used <= 9
    assert counts(store, flash).used <= 12
    assert max(counts(store, coupon).members.values(), default=0) <= 2
    assert max(counts(store, flash).members.values(), default=0) <= 3
    with merchant_scope(store.merchant_id):
        return_uses([order.order_id for order in orders], actor=SYSTEM)
    assert (counts(store, coupon).used, counts(store, flash).used) == (0, 0)


def test_exactly_the_quota_is_used_when_all_want_it() -> None:
    store = a_store()
    coupon = a_coupon(store, quota=7)
    batch = [[(uuid7(), [a_claim(coupon)]) for _ in range(4)] for _ in range(5)]
    orders = bought(at_once(store, [partial(buy_all, wanted) for wanted in batch]))
    assert (len(orders), counts(store, coupon).used) == (7, 7)


def test_a_members_first_uses_at_once_meet_in_one_counter() -> None:
    """Its row does not exist yet: the promotion's lock is what they wait for."""
    store, member = a_store(), uuid7()
    coupon = a_coupon(store, per_member=1)
    answers = at_once(store, [lambda: buy_all([(member, [a_claim(coupon)])])] * 6)
    assert len(bought(answers)) == 1
    assert counts(store, coupon).members == {member: 1}


@pytest.mark.parametrize("rules", [{"quota": 1}, {"per_member": 1}])
def test_control_without_the_lock_both_read_what_only_one_can_have(rules: dict[str, int]) -> None:
    store, member = a_store(), uuid7()
    coupon = a_coupon(store, **rules)
    wanted = [(member, [a_claim(coupon)])]
    with merchant_scope(store.merchant_id):
        stale = lock_and_read(wanted)
    buy(store, a_claim(coupon), member=member)
    with pytest.raises(IntegrityError), merchant_scope(store.merchant_id):
        decide_and_write(wanted, stale)
    assert counts(store, coupon).used == 1


@pytest.mark.parametrize("seed", TIMES)
def test_drawn_schedules_of_buying_and_giving_back(seed: int) -> None:
    """Statement by statement: a use given back is there for whoever comes after, never twice."""
    dice, store = Random(seed), a_store()
    coupon = a_coupon(store, quota=2)
    held = [buy(store, a_claim(coupon)).order_id for _ in range(2)]

    def give_back() -> object:
        with merchant_scope(store.merchant_id):
            return return_uses(held, actor=SYSTEM)

    def take_one() -> Bought | Refusal:
        with merchant_scope(store.merchant_id):
            return buy_all([(uuid7(), [a_claim(coupon)])])[0]

    works = [give_back, take_one, take_one, take_one, give_back]
    with superuser() as observer:
        told = in_turns(works, [dice.randrange(5) for _ in range(60)], observer)
    assert all(one.ok for one in told.outcomes), told
    new = [one.value for one in told.outcomes if isinstance(one.value, Bought)]
    assert counts(store, coupon).used == len(new) <= 2
