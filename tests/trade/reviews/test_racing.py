"""Several at once, in drawn orders of their statements: one review a line, and a tally that never drifts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.interleaving.harness import Work, bursts, in_turns
from tests.interleaving.scratch import scratch_database
from tests.support.builders import Shop, make_shop
from tests.tenancy.catalogue import superuser
from tests.trade.reviews.support import OPERATOR, a_buyer, a_review, counted, received_lines, write, writer_of
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.models import Review, ReviewTally
from tongdao.trade.reviews.operations import (
    Said,
    add_follow_up,
    answer_review,
    fold_review,
    take_down_review,
)
from tongdao.trade.reviews.refusals import AlreadyAnswered, AlreadyFollowedUp, AlreadyReviewed, ReviewGone

EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "10"))
SCHEDULES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 8)), max_size=12).map(
    lambda runs: list(bursts(runs))
)
Observer = psycopg.Connection[tuple[object, ...]]
relaxed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
search = settings(relaxed, max_examples=60, database=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def observer(cluster: object) -> Iterator[Observer]:
    with superuser() as connection:
        yield connection


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    return make_shop(stock=10_000)


def writing(shop: Shop, line: UUID, buyer: Actor, stars: int) -> Work:
    return lambda: write(shop, line, buyer, stars=stars)


def ended(works: Sequence[Work], schedule: list[int], observer: Observer) -> list[str]:
    """What each work ended with, sorted: "ok" or the refusal's name."""
    course = in_turns(works, schedule, observer)
    return sorted("ok" if one.ok else type(one.error).__name__ for one in course.outcomes)


@relaxed
@given(schedule=SCHEDULES)
def test_one_line_written_three_times_at_once_has_one_review(
    shop: Shop, observer: Observer, schedule: list[int]
) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    works = [writing(shop, line, buyer, stars) for stars in (1, 3, 5)]
    assert ended(works, schedule, observer) == [AlreadyReviewed.__name__] * 2 + ["ok"]
    with merchant_scope(shop.merchant_id):
        assert Review.objects.filter(line_id=line).count() == 1
    counted(shop)


@relaxed
@given(schedule=SCHEDULES)
def test_reviews_of_one_product_written_at_once_all_count(observer: Observer, schedule: list[int]) -> None:
    """Of a shop of its own: the first ones make the tally's row, too."""
    shop = make_shop()
    buyers = [a_buyer() for _ in range(3)]
    works = [writing(shop, received_lines(shop, buyer)[0], buyer, 4) for buyer in buyers]
    assert ended(works, schedule, observer) == ["ok"] * 3
    assert counted(shop) == {"stars_4": 3}


@relaxed
@given(schedule=SCHEDULES)
def test_whatever_meets_at_one_review_it_counts_right(
    shop: Shop, observer: Observer, schedule: list[int]
) -> None:
    review = a_review(shop, stars=2)

    def follow() -> None:
        with merchant_scope(shop.merchant_id):
            add_follow_up(review.id, said=Said("又来"), actor=writer_of(review))

    def fold() -> None:
        with merchant_scope(shop.merchant_id):
            fold_review(review.id, reason="off_topic", actor=shop.owner)

    def take_down() -> None:
        with merchant_scope(shop.merchant_id):
            take_down_review(review.id, reason="unlawful", actor=OPERATOR)

    outcomes = ended([follow, fold, take_down], schedule, observer)
    assert set(outcomes) <= {"ok", ReviewGone.__name__}
    with merchant_scope(shop.merchant_id):
        row = Review.objects.get(pk=review.id)
    assert (row.state, row.follow_up) == ("taken_down", "")
    counted(shop)


@relaxed
@given(schedule=SCHEDULES)
def test_a_follow_up_and_an_answer_are_given_once(
    shop: Shop, observer: Observer, schedule: list[int]
) -> None:
    review = a_review(shop)

    def follow() -> None:
        with merchant_scope(shop.merchant_id):
            add_follow_up(review.id, said=Said("又来"), actor=writer_of(review))

    def answer() -> None:
        with merchant_scope(shop.merchant_id):
            answer_review(review.id, "谢谢", actor=shop.owner)

    assert ended([follow, follow], schedule, observer) == [AlreadyFollowedUp.__name__, "ok"]
    assert ended([answer, answer], schedule, observer) == [AlreadyAnswered.__name__, "ok"]
    counted(shop)


def naive_write(shop: Shop, line: UUID, buyer: Actor) -> None:
    """Look, then write: without the order's lock, and with a tally that is read and written back."""
    assert buyer.id
    with merchant_scope(shop.merchant_id):
        if Review.objects.filter(line_id=line).exists():
            raise AlreadyReviewed
        product_id = OrderLine.objects.values_list("product_id", flat=True).get(pk=line)
        Review.objects.create(
            line_id=line, product_id=product_id, person_id=buyer.id, stars=5, written_at=clock.now()
        )
        tally, _ = ReviewTally.objects.get_or_create(product_id=product_id)
        tally.stars_5 += 1
        tally.save(update_fields=["stars_5"])


@pytest.mark.slow
def test_without_lock_and_constraint_a_line_is_reviewed_twice_and_counts_are_lost() -> None:
    """The control: the same search finds both faults in what looks right at first sight."""
    with scratch_database(["alter table review drop constraint review_once_a_line"]):
        shop = make_shop(stock=10_000)
        first = a_review(shop)  # so that the tally has a row

        def doubled(schedule: list[int]) -> bool:
            buyer = a_buyer()
            [line] = received_lines(shop, buyer)
            with superuser() as watching:
                in_turns([lambda: naive_write(shop, line, buyer)] * 2, schedule, watching)
            with merchant_scope(shop.merchant_id):
                return Review.objects.filter(line_id=line).count() == 2

        def lost(schedule: list[int]) -> bool:
            buyers = [a_buyer(), a_buyer()]
            lines = [received_lines(shop, buyer)[0] for buyer in buyers]
            with merchant_scope(shop.merchant_id):
                before = ReviewTally.objects.get(product_id=first.product_id).stars_5
            works: list[Work] = [
                lambda b=buyer, n=line: naive_write(shop, n, b)  # type: ignore[misc]
                for buyer, line in zip(buyers, lines, strict=True)
            ]
            with superuser() as watching:
                in_turns(works, schedule, watching)
            with merchant_scope(shop.merchant_id):
                return ReviewTally.objects.get(product_id=first.product_id).stars_5 < before + 2

        assert find(SCHEDULES, doubled, settings=search)
        assert find(SCHEDULES, lost, settings=search)
