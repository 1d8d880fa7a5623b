"""Pages of reviews, what they tell of the writer, how they add up, and what becomes of a picture."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from PIL import Image

from tests.support.builders import Shop, make_shop
from tests.support.statements import sent_statements
from tests.trade.reviews.support import OPERATOR, a_buyer, a_photo, a_review, received_lines, write, writer_of
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import register_person
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, add_follow_up, take_down_review
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.reviews.queries import Summary, reviews_by, reviews_of, summary_of
from tongdao.trade.reviews.refusals import PictureUnusable


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    return make_shop(stock=1_000)


def ids(shop: Shop, product_id: UUID, show: str = "all") -> list[UUID]:
    """All reviews by pages of two."""
    found: list[UUID] = []
    before: UUID | None = None
    with merchant_scope(shop.merchant_id):
        while True:
            page = reviews_of(product_id, show=show, before=before, limit=2)
            found += [row.review_id for row in page.rows]
            before = page.older
            if before is None:
                return found


def test_pages_miss_nothing_and_repeat_nothing(shop: Shop) -> None:
    own = make_shop(stock=50)
    made: list[Review] = []
    for minutes in (0, 0, 0, 5, 3):  # some in the same moment, not in the order of their ids
        with clock.shifted(timedelta(minutes=minutes)):
            made.append(a_review(own))
    expected = sorted(made, key=lambda row: (row.written_at, row.id), reverse=True)
    assert ids(own, made[0].product_id) == [row.id for row in expected]


def test_filters_find_what_they_say(shop: Shop) -> None:
    own = make_shop(stock=50)
    plain, pictured, followed, gone = (
        a_review(own, stars=stars, pictured=with_picture)
        for stars, with_picture in ((5, False), (4, True), (4, False), (1, True))
    )
    with merchant_scope(own.merchant_id):
        add_follow_up(followed.id, said=Said("还在喝"), actor=writer_of(followed))
        take_down_review(gone.id, reason="unlawful", actor=OPERATOR)
    product = plain.product_id
    assert ids(own, product) == [gone.id, followed.id, pictured.id, plain.id]
    assert ids(own, product, "pictures") == [pictured.id]
    assert ids(own, product, "follow_up") == [followed.id]
    assert ids(own, product, "4") == [followed.id, pictured.id]
    assert ids(own, product, "1") == []
    with merchant_scope(own.merchant_id):
        summary = summary_of(product)
    assert summary == Summary((0, 0, 0, 2, 1), pictured=1, followed_up=1)
    assert [summary.of(show) for show in ("all", "pictures", "follow_up", "4", "1")] == [3, 1, 1, 2, 0]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("counts", "tenths"),
    [
        ((0, 0, 0, 0, 0), 0),
        ((0, 0, 0, 0, 7), 50),
        ((1, 0, 0, 0, 1), 30),
        ((0, 0, 0, 1, 2), 47),  # 4.666…
        ((0, 0, 0, 19, 1), 41),  # 4.05: half up
        ((1, 0, 0, 0, 0), 10),
    ],
)
def test_the_mean_is_whole_tenths(counts: tuple[int, ...], tenths: int) -> None:
    assert Summary(counts).mean_tenths == tenths


def test_a_writer_is_masked_and_a_guest_has_no_name(shop: Shop) -> None:
    named = register_person(sign_in_name=f"{token(12)}@example.com", password=token(20), shown_name="苏晚晴")
    for person, shown in ((Actor("person", named.id), "苏**"), (a_buyer(), "")):
        [line] = received_lines(shop, person)
        review = write(shop, line, person)
        with merchant_scope(shop.merchant_id):
            assert reviews_of(review.product_id, limit=1).rows[0].writer == shown


def test_a_page_costs_the_same_however_many_it_shows(shop: Shop) -> None:
    for _ in range(3):
        review = a_review(shop, pictured=True)
    with merchant_scope(shop.merchant_id), sent_statements() as sent:
        assert len(reviews_of(review.product_id, limit=3).rows) == 3
    assert len(sent) == 4  # reviews, pictures, names, lines


def test_a_buyer_reads_own_ones_only(shop: Shop) -> None:
    review, _ = a_review(shop), a_review(shop)
    with merchant_scope(shop.merchant_id):
        assert [row.review_id for row in reviews_by(review.person_id).rows] == [review.id]


def test_a_cursor_of_another_merchant_begins_at_the_top(shop: Shop) -> None:
    review, other = a_review(shop), a_review(make_shop())
    with merchant_scope(shop.merchant_id):
        page = reviews_of(review.product_id, before=other.id, limit=1)
    assert page.rows[0].review_id == review.id


def test_a_picture_is_drawn_anew_without_what_the_phone_knew(shop: Shop) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Secret Phone 9"  # the model
    exif[0x0112] = 6  # turned by a quarter
    sent = a_photo(size=(2_000, 1_000), exif=exif.tobytes())
    assert b"Secret Phone 9" in sent
    with stored_pictures(shop.merchant_id, [io.BytesIO(sent)]) as [stored]:
        kept = (Path(settings.MEDIA_ROOT) / stored.file).read_bytes()
    assert b"Secret Phone" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (640, 1_280), {})
    assert (stored.width, stored.height) == (640, 1_280)
    assert str(shop.merchant_id) in stored.file


def test_the_same_picture_twice_is_two_files(shop: Shop) -> None:
    photo = a_photo()
    with stored_pictures(shop.merchant_id, [io.BytesIO(photo), io.BytesIO(photo)]) as [one, other]:
        assert one.file != other.file


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"\xff\xd8\xff\xe0" * 9,
        b"x" * 11_000_000,
    ],
)
def test_what_is_no_picture_is_refused_by_its_number(shop: Shop, content: bytes) -> None:
    files = [io.BytesIO(a_photo()), io.BytesIO(content)]
    with pytest.raises(PictureUnusable) as refused, stored_pictures(shop.merchant_id, files):
        raise AssertionError("not reached")
    assert refused.value.details["number"] == 2
