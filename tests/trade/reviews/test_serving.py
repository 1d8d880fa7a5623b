"""Answering, folding and taking down: who may, what stays, what counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.support.builders import Shop, make_shop
from tests.trade.reviews.support import OPERATOR, a_review, counted, writer_of
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.operations import (
    FOLD_REASONS,
    Said,
    add_follow_up,
    answer_review,
    fold_review,
    take_down_review,
    unfold_review,
)
from tongdao.trade.reviews.operations.serving import To
from tongdao.trade.reviews.queries import reviews_of, summary_of
from tongdao.trade.reviews.refusals import (
    AlreadyAnswered,
    AnswerWording,
    FoldReasonUnknown,
    NothingToAnswer,
    ReviewGone,
    TakeDownReasonUnknown,
    WordsMissing,
    WordsTooLong,
)


@pytest.fixture
def shop() -> Shop:
    return make_shop(stock=50)


def answer(shop: Shop, review: Review, text: str = "谢谢您的评价。", to: To = "review") -> Review:
    with merchant_scope(shop.merchant_id):
        return answer_review(review.id, text, to=to, actor=shop.owner)


def names(shop: Shop, review: Review) -> list[str]:
    with merchant_scope(shop.merchant_id):
        rows = Event.objects.filter(subject_id=review.id).order_by("seq")
        return list(rows.values_list("name", flat=True))


def test_each_of_both_is_answered_once(shop: Shop) -> None:
    review = a_review(shop)
    with pytest.raises(NothingToAnswer):
        answer(shop, review, to="follow_up")
    assert answer(shop, review).answer == "谢谢您的评价。"
    with pytest.raises(AlreadyAnswered):
        answer(shop, review, "另一句")
    with merchant_scope(shop.merchant_id):
        add_follow_up(review.id, said=Said("又买了"), actor=writer_of(review))
    assert answer(shop, review, "欢迎再来。", to="follow_up").follow_up_answer == "欢迎再来。"
    with pytest.raises(AlreadyAnswered):
        answer(shop, review, to="follow_up")
    expected = ["written", "answered", "followed_up", "answered"]
    assert names(shop, review) == [f"review.{name}" for name in expected]


@pytest.mark.parametrize(
    ("text", "kind"), [(" ", WordsMissing), ("字" * 501, WordsTooLong), ("本店最好的茶", AnswerWording)]
)
def test_an_answer_is_held_to_the_rules(shop: Shop, text: str, kind: type[Refusal]) -> None:
    review = a_review(shop)
    with pytest.raises(kind):
        answer(shop, review, text)
    assert answer(shop, review, "第一次这么早发货，谢谢。").answered_at  # an ordinal claims nothing


def test_a_refused_wording_names_the_words(shop: Shop) -> None:
    with pytest.raises(AnswerWording) as refused:
        answer(shop, a_review(shop), "全网最低价，顶级好茶")
    assert set(str(refused.value.details["words"]).split()) == {"最低价", "顶级"}


def test_a_buyers_own_words_are_not_held_to_them(shop: Shop) -> None:
    assert a_review(shop, text="这是我喝过最好的茶").text == "这是我喝过最好的茶"


def test_folding_says_why_counts_on_and_opens_again(shop: Shop) -> None:
    review = a_review(shop, stars=1)
    with merchant_scope(shop.merchant_id):
        folded = fold_review(review.id, reason="advertising", actor=shop.owner)
        again = fold_review(review.id, reason="insulting", actor=shop.owner)
        page = reviews_of(review.product_id)
    assert (folded.state, again.fold_reason) == ("folded", "advertising")
    assert [(row.state, row.text, row.fold_reason) for row in page.rows] == [
        ("folded", review.text, "advertising")
    ]
    assert counted(shop) == {"stars_1": 1}
    with merchant_scope(shop.merchant_id):
        opened = unfold_review(review.id, actor=shop.owner)
        unfold_review(review.id, actor=shop.owner)
    assert (opened.state, opened.fold_reason, opened.folded_at) == ("shown", "", None)
    assert names(shop, review) == ["review.written", "review.folded", "review.unfolded"]


def test_a_low_rating_is_no_reason_for_folding(shop: Shop) -> None:
    review = a_review(shop, stars=1)
    assert "low_rating" not in FOLD_REASONS
    with pytest.raises(FoldReasonUnknown), merchant_scope(shop.merchant_id):
        fold_review(review.id, reason="low_rating", actor=shop.owner)


def test_taking_down_leaves_a_tombstone_and_counts_no_more(shop: Shop) -> None:
    review, other = a_review(shop, stars=1, pictured=True), a_review(shop)
    answer(shop, review)
    with merchant_scope(shop.merchant_id):
        add_follow_up(review.id, said=Said("真的"), actor=writer_of(review))
        file = ReviewPicture.objects.get(review=review).file
    path = Path(settings.MEDIA_ROOT) / file
    assert path.exists() and counted(shop) == {"stars_1": 1, "stars_5": 1, "pictured": 1, "followed_up": 1}
    with merchant_scope(shop.merchant_id):
        take_down_review(review.id, reason="court_order", actor=OPERATOR)
        take_down_review(review.id, reason="unlawful", actor=OPERATOR)
        row = Review.objects.get(pk=review.id)
        [newest, stone] = reviews_of(review.product_id).rows
        assert [one.review_id for one in reviews_of(review.product_id, show="1").rows] == []
        assert summary_of(review.product_id).total == 1
    assert (newest.review_id, stone.review_id) == (other.id, review.id)
    assert (stone.state, stone.taken_down_reason, stone.pictures) == ("taken_down", "court_order", ())
    assert (row.text, row.answer, row.follow_up, row.state) == ("", "", "", "taken_down")
    assert row.taken_down_at and row.written_at == review.written_at
    assert not path.exists()
    assert counted(shop) == {"stars_5": 1}
    assert names(shop, review)[-1] == "review.taken_down"


def test_a_folded_one_can_be_taken_down(shop: Shop) -> None:
    review = a_review(shop)
    with merchant_scope(shop.merchant_id):
        fold_review(review.id, reason="insulting", actor=shop.owner)
        assert take_down_review(review.id, reason="unlawful", actor=SYSTEM).state == "taken_down"
    assert counted(shop) == {}


def test_neither_the_shop_nor_the_writer_takes_a_review_down(shop: Shop) -> None:
    review = a_review(shop)
    for actor in (shop.owner, writer_of(review)):
        with pytest.raises(NotAllowed), merchant_scope(shop.merchant_id):
            take_down_review(review.id, reason="unlawful", actor=actor)
    with pytest.raises(TakeDownReasonUnknown), merchant_scope(shop.merchant_id):
        take_down_review(review.id, reason="bad_for_business", actor=OPERATOR)
    assert counted(shop) == {"stars_5": 1}


@pytest.mark.parametrize("deed", ["answer", "answer_follow_up", "fold", "unfold"])
def test_nothing_is_done_with_a_tombstone(shop: Shop, deed: str) -> None:
    review = a_review(shop)
    with merchant_scope(shop.merchant_id):
        take_down_review(review.id, reason="rights", actor=OPERATOR)
    with pytest.raises(ReviewGone), merchant_scope(shop.merchant_id):
        if deed == "fold":
            fold_review(review.id, reason="insulting", actor=shop.owner)
        elif deed == "unfold":
            unfold_review(review.id, actor=shop.owner)
        else:
            to: To = "follow_up" if deed == "answer_follow_up" else "review"
            answer_review(review.id, "谢谢", to=to, actor=shop.owner)


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    theirs = a_review(make_shop())
    for id in (uuid7(), theirs.id):
        with pytest.raises(NotFound), merchant_scope(shop.merchant_id):
            fold_review(id, reason="insulting", actor=shop.owner)
        with pytest.raises(NotFound), merchant_scope(shop.merchant_id):
            answer_review(id, "谢谢", actor=shop.owner)
        with pytest.raises(NotFound), merchant_scope(shop.merchant_id):
            take_down_review(id, reason="unlawful", actor=OPERATOR)


def test_the_command_takes_down(shop: Shop) -> None:
    review = a_review(shop)
    call_command("take_down_review", str(shop.merchant_id), str(review.id), reason="authority_order")
    assert counted(shop) == {}
    with pytest.raises(CommandError):
        call_command("take_down_review", str(shop.merchant_id), str(uuid7()), reason="authority_order")
