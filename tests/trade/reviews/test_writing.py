"""Who may review what, how often, and what else is refused."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from tests.faces.console.support import paid_order, place_order
from tests.support.builders import Shop, make_shop
from tests.tenancy.planting import make
from tests.trade.reviews.support import (
    a_buyer,
    a_photo,
    a_review,
    buyer_of_order,
    counted,
    lines_of,
    received_lines,
    write,
    writer_of,
)
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, AfterSaleLine
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.models import Allocation, OrderLine
from tongdao.trade.payments.models import Refund
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, add_follow_up, take_down_review
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.reviews.queries import lines_to_review
from tongdao.trade.reviews.refusals import (
    AlreadyFollowedUp,
    AlreadyReviewed,
    FollowUpTooLate,
    NothingKept,
    NotReceivedYet,
    ReviewGone,
    StarsMissing,
    TooManyPictures,
    WordsMissing,
    WordsTooLong,
)
from tongdao.trade.shipping.models import Parcel, ParcelItem


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def refused(shop: Shop, line: object, actor: Actor, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        write(shop, line, actor)  # type: ignore[arg-type]  # a line's id
    with merchant_scope(shop.merchant_id):
        assert not Review.objects.exists()


def waiting(shop: Shop, actor: Actor) -> list[object]:
    assert actor.id
    with merchant_scope(shop.merchant_id):
        return [line.id for line in lines_to_review(actor.id)]


def test_a_received_line_is_reviewed_and_told(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    assert waiting(shop, buyer) == [line]
    review = write(shop, line, buyer, stars=4, text="  汤色清亮。 ")
    assert waiting(shop, buyer) == []
    with merchant_scope(shop.merchant_id):
        row = Review.objects.get()
        event = Event.objects.get(subject_id=review.id)
    assert (row.stars, row.text, row.person_id, row.state) == (4, "汤色清亮。", buyer.id, "shown")
    assert (event.name, event.payload["stars"], event.actor) == ("review.written", 4, buyer.id)
    assert "汤色清亮" not in repr(event.payload)
    assert counted(shop) == {"stars_4": 1}


def test_an_unpaid_line_is_not_reviewed(shop: Shop) -> None:
    order = place_order(shop)
    buyer = buyer_of_order(shop, order)
    refused(shop, lines_of(shop, order)[0], buyer, NotReceivedYet)
    assert waiting(shop, buyer) == []


def test_a_paid_line_is_reviewed_only_once_its_own_parcel_has_arrived(shop: Shop) -> None:
    order = paid_order(shop)
    buyer, [line] = buyer_of_order(shop, order), lines_of(shop, order)
    refused(shop, line, buyer, NotReceivedYet)
    with merchant_scope(shop.merchant_id):
        parcel = make(Parcel, order_id=order)
        allocation = Allocation.objects.get(line_id=line)
        make(ParcelItem, parcel=parcel, allocation=allocation)
    refused(shop, line, buyer, NotReceivedYet)
    for state in ("shipped", "delivered"):
        with merchant_scope(shop.merchant_id):
            Parcel.objects.filter(pk=parcel.pk).update(state=state)
    assert waiting(shop, buyer) == [line]
    assert write(shop, line, buyer).line_id == line


def test_anothers_parcel_that_arrived_helps_nobody(shop: Shop) -> None:
    order, other = paid_order(shop), paid_order(shop)
    with merchant_scope(shop.merchant_id):
        parcel = make(Parcel, order_id=order)
        make(ParcelItem, parcel=parcel, allocation=Allocation.objects.get(line__order_id=other))
    for state in ("shipped", "delivered"):
        with merchant_scope(shop.merchant_id):
            Parcel.objects.filter(pk=parcel.pk).update(state=state)
    refused(shop, lines_of(shop, order)[0], buyer_of_order(shop, order), NotReceivedYet)


def test_a_cancelled_line_is_not_reviewed(shop: Shop) -> None:
    order = paid_order(shop)
    buyer = buyer_of_order(shop, order)
    with merchant_scope(shop.merchant_id):
        cancel_order(order, reason="other", actor=SYSTEM)
    refused(shop, lines_of(shop, order)[0], buyer, NotReceivedYet)


@pytest.mark.parametrize(("back", "kept"), [(2, False), (1, True)])
def test_what_was_given_back_whole_is_not_reviewed(shop: Shop, back: int, kept: bool) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer, quantity=2)
    with merchant_scope(shop.merchant_id):
        row = OrderLine.objects.get(pk=line)
        case = make(AfterSale, order_id=row.order_id, refund=make(Refund))
        make(AfterSaleLine, aftersale=case, line=row, quantity=back)
    assert waiting(shop, buyer) == ([line] if kept else [])
    if kept:
        assert write(shop, line, buyer)
    else:
        refused(shop, line, buyer, NothingKept)


def test_somebody_elses_line_is_not_there(shop: Shop) -> None:
    [line] = received_lines(shop, a_buyer())
    refused(shop, line, a_buyer(), NotFound)
    refused(shop, line, shop.owner, NotFound)
    refused(shop, line, SYSTEM, NotFound)
    refused(shop, uuid7(), a_buyer(), NotFound)


def test_a_line_of_another_shop_is_not_there(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(make_shop(), buyer)
    refused(shop, line, buyer, NotFound)


def test_a_line_is_reviewed_once(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    write(shop, line, buyer)
    with pytest.raises(AlreadyReviewed):
        write(shop, line, buyer, stars=1)
    assert counted(shop) == {"stars_5": 1}


def test_a_taken_down_review_leaves_no_second_chance(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    review = write(shop, line, buyer)
    with merchant_scope(shop.merchant_id):
        take_down_review(review.id, reason="unlawful", actor=SYSTEM)
    with pytest.raises(AlreadyReviewed):
        write(shop, line, buyer)


@pytest.mark.parametrize(
    ("stars", "text", "kind"), [(0, "x", StarsMissing), (6, "x", StarsMissing), (5, "字" * 501, WordsTooLong)]
)
def test_stars_and_length_are_bounded(shop: Shop, stars: int, text: str, kind: type[Refusal]) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    with pytest.raises(kind):
        write(shop, line, buyer, stars=stars, text=text)
    assert write(shop, line, buyer, stars=1, text="字" * 500).text == "字" * 500


def test_more_than_nine_pictures_are_refused(shop: Shop) -> None:
    photos = [io.BytesIO(a_photo()) for _ in range(10)]
    with pytest.raises(TooManyPictures), stored_pictures(shop.merchant_id, photos):
        raise AssertionError("not reached")
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    with stored_pictures(shop.merchant_id, photos[:9]) as nine:
        assert write(shop, line, buyer, pictures=nine).pictures == 9
        with pytest.raises(TooManyPictures):
            write(shop, line, buyer, pictures=[*nine, nine[0]])


def follow(
    shop: Shop, review: Review, text: str = "喝了一个月，依旧好。", actor: Actor | None = None
) -> Review:
    with merchant_scope(shop.merchant_id):
        return add_follow_up(review.id, said=Said(text), actor=actor or writer_of(review))


def test_one_follow_up_by_the_writer(shop: Shop) -> None:
    review = a_review(shop)
    assert follow(shop, review).follow_up == "喝了一个月，依旧好。"
    with pytest.raises(AlreadyFollowedUp):
        follow(shop, review, "还有")
    assert counted(shop) == {"stars_5": 1, "followed_up": 1}


def test_nobody_else_adds_a_follow_up(shop: Shop) -> None:
    review = a_review(shop)
    for other in (a_buyer(), shop.owner, SYSTEM):
        with pytest.raises(NotFound):
            follow(shop, review, actor=other)


def test_a_follow_up_says_something(shop: Shop) -> None:
    with pytest.raises(WordsMissing):
        follow(shop, a_review(shop), "  ")


def test_a_follow_up_comes_in_time(shop: Shop) -> None:
    early, late = a_review(shop), a_review(shop)
    with clock.shifted(timedelta(days=179, hours=23)):
        follow(shop, early)
    with clock.shifted(timedelta(days=180, minutes=1)), pytest.raises(FollowUpTooLate):
        follow(shop, late)


def test_a_tombstone_has_no_follow_up(shop: Shop) -> None:
    review = a_review(shop)
    with merchant_scope(shop.merchant_id):
        take_down_review(review.id, reason="unlawful", actor=SYSTEM)
    with pytest.raises(ReviewGone):
        follow(shop, review)
