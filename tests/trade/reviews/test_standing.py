"""What was said stands: the database refuses to delete it, to reword it and to add to it, whoever asks."""

from __future__ import annotations

import io
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from tests.support.builders import Shop, make_shop
from tests.tenancy.catalogue import superuser
from tests.trade.reviews.support import OPERATOR, a_photo, a_review, writer_of
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.operations import Said, add_follow_up, answer_review, take_down_review
from tongdao.trade.reviews.pictures import stored_pictures

REWORDED = (
    "stars = 5",
    "text = 'x'",
    "written_at = now()",
    "person_id = gen_random_uuid()",
    "line_id = gen_random_uuid()",
    "product_id = gen_random_uuid()",
    "pictures = 2",
    "answer = 'x'",
    "answer = ''",
    "answered_at = now()",
    "answered_at = null",
    "follow_up = ''",
    "followed_up_at = null",
    "follow_up_pictures = 3",
    "follow_up_answer = 'x'",  # words without their moment
    "fold_reason = 'x'",
    "taken_down_at = now()",
)


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    return make_shop(stock=100)


@pytest.fixture(scope="module")
def review(shop: Shop) -> Review:
    """With a picture, an answer and a follow-up."""
    row = a_review(shop, stars=2, pictured=True)
    with merchant_scope(shop.merchant_id):
        answer_review(row.id, "谢谢。", actor=shop.owner)
        add_follow_up(row.id, said=Said("还行"), actor=writer_of(row))
    return row


@pytest.fixture
def owner_of_tables(shop: Shop) -> Iterator[psycopg.Cursor[object]]:
    """The superuser, whom no policy and no grant holds: only the triggers are left."""
    with superuser() as admin, admin.transaction(force_rollback=True), admin.cursor() as cursor:
        yield cursor  # type: ignore[misc]  # rows of any shape


def run(shop: Shop, statement: str, *values: object) -> None:
    with merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("change", REWORDED)
def test_nothing_is_reworded(shop: Shop, review: Review, change: str) -> None:
    with pytest.raises(DatabaseError, match="stands as it was written"):
        run(shop, f"update review set {change} where id = %s", review.id)


@pytest.mark.parametrize("change", REWORDED)
def test_the_owner_of_the_tables_rewords_nothing_either(
    owner_of_tables: psycopg.Cursor[object], review: Review, change: str
) -> None:
    with pytest.raises(psycopg.Error, match="stands as it was written"):
        owner_of_tables.execute(f"update review set {change} where id = %s", [review.id])  # type: ignore[arg-type]  # of this file


@pytest.mark.parametrize("table", ["review", "review_picture", "review_tally"])
def test_the_application_may_not_delete(shop: Shop, review: Review, table: str) -> None:
    for statement in (f"delete from {table}", f"truncate {table} cascade"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(shop, statement)


@pytest.mark.parametrize("table", ["review", "review_picture"])
@pytest.mark.parametrize("verb", ["delete from", "truncate"])
def test_the_owner_of_the_tables_may_not_delete_either(
    owner_of_tables: psycopg.Cursor[object], review: Review, table: str, verb: str
) -> None:
    end = " cascade" if verb == "truncate" else ""
    with pytest.raises(psycopg.Error, match=r"never deleted|of a review stands"):
        owner_of_tables.execute(f"{verb} {table}{end}")  # type: ignore[arg-type]  # of this file


def test_no_picture_is_added_exchanged_or_emptied(shop: Shop, review: Review) -> None:
    with pytest.raises(DatabaseError, match="no picture is added"), merchant_scope(shop.merchant_id):
        ReviewPicture.objects.create(review=review, position=2, file="x.webp", width=1, height=1)
    for change in ("file = 'other.webp'", "file = ''", "width = 5"):
        with pytest.raises(DatabaseError, match="of a review stands"):
            run(shop, f"update review_picture set {change} where review_id = %s", review.id)


def test_a_tombstone_is_closed_for_good(shop: Shop) -> None:
    row = a_review(shop, pictured=True)
    with merchant_scope(shop.merchant_id):
        take_down_review(row.id, reason="unlawful", actor=OPERATOR)
    for change in (
        "text = 'x'",
        "answer = 'x', answered_at = now()",
        "follow_up = 'x', followed_up_at = now()",
    ):
        with pytest.raises(DatabaseError, match="stands as it was written"):
            run(shop, f"update review set {change} where id = %s", row.id)
    with pytest.raises(DatabaseError, match="of a review stands"):
        run(shop, "update review_picture set file = 'x' where review_id = %s", row.id)


def test_taking_down_may_not_leave_words_behind(shop: Shop) -> None:
    row = a_review(shop, text="有话")
    with pytest.raises(DatabaseError, match="stands as it was written"):
        run(shop, "update review set state = 'taken_down' where id = %s", row.id)


def test_what_is_refused_is_not_on_the_disk(shop: Shop, review: Review) -> None:
    kept: list[str] = []
    with pytest.raises(RuntimeError), stored_pictures(shop.merchant_id, [io.BytesIO(a_photo())]) as stored:
        kept += [one.file for one in stored]
        raise RuntimeError
    assert kept and not (settings.MEDIA_ROOT / kept[0]).exists()


def test_each_review_has_one_row_a_line(shop: Shop, review: Review) -> None:
    """Past the operation: the constraint itself."""
    with pytest.raises(DatabaseError, match="review_once_a_line"), merchant_scope(shop.merchant_id):
        Review.objects.create(
            line_id=review.line_id,
            product_id=review.product_id,
            person_id=review.person_id,
            stars=1,
            written_at=review.written_at,
        )
