"""What the shop does with a review: answer it, fold it with a reason, take the folding back."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.rulebook.wording import find_banned_words
from tongdao.trade.reviews.events import ReviewAnswered, ReviewFolded, ReviewUnfolded
from tongdao.trade.reviews.models import MOST_LETTERS, Review
from tongdao.trade.reviews.refusals import (
    AlreadyAnswered,
    AnswerWording,
    FoldReasonUnknown,
    NothingToAnswer,
    ReviewGone,
    WordsMissing,
    WordsTooLong,
)
from tongdao.trade.reviews.states import REVIEW, STANDING
from tongdao.trade.reviews.tally import touch

FOLD_REASONS = ("advertising", "off_topic", "insulting", "personal_data", "repeated")
To = Literal["review", "follow_up"]


def answer_review(review_id: UUID, text: str, *, to: To = "review", actor: Actor) -> Review:
    """The seller's answer to a review or to its follow-up; each has one, which stands as it was given.

    It is the shop's own advertising, so the wording rules hold. Raises NotFound, WordsMissing, WordsTooLong,
    AnswerWording, NothingToAnswer, AlreadyAnswered or ReviewGone.
    """
    text = _words(text)
    answer, moment = ("answer", "answered_at") if to == "review" else _ANSWER_TO_FOLLOW_UP
    open_ones = Review.objects.filter(pk=review_id, state__in=STANDING, **{f"{moment}__isnull": True})
    if to == "follow_up":
        open_ones = open_ones.filter(followed_up_at__isnull=False)
    values = {answer: text, moment: clock.now()}
    changed = open_ones.update(**values, version=F("version") + 1)
    review = find_review(review_id)
    if not changed:
        raise _why_not(review, to)
    touch(review.product_id)
    payload = ReviewAnswered(product_id=review.product_id, person_id=review.person_id, to=to)
    record(payload, subject=review, actor=actor)
    return review


_ANSWER_TO_FOLLOW_UP = ("follow_up_answer", "follow_up_answered_at")


def fold_review(review_id: UUID, *, reason: str, actor: Actor) -> Review:
    """Close it behind a tap, with the reason beside it. It still counts. Again is no error.

    Raises NotFound, FoldReasonUnknown or ReviewGone.
    """
    if reason not in FOLD_REASONS:
        raise FoldReasonUnknown()
    now = clock.now()
    moved = claim(REVIEW, "shown", "folded", Review, [review_id], fold_reason=reason, folded_at=now)
    review = _standing(review_id)
    if moved:
        touch(review.product_id)
        payload = ReviewFolded(product_id=review.product_id, person_id=review.person_id)
        record(payload, subject=review, actor=actor, reason=reason)
    return review


def unfold_review(review_id: UUID, *, actor: Actor) -> Review:
    """Open it again. Again is no error. Raises NotFound or ReviewGone."""
    moved = claim(REVIEW, "folded", "shown", Review, [review_id], fold_reason="", folded_at=None)
    review = _standing(review_id)
    if moved:
        touch(review.product_id)
        record(
            ReviewUnfolded(product_id=review.product_id, person_id=review.person_id),
            subject=review,
            actor=actor,
        )
    return review


def find_review(review_id: UUID) -> Review:
    """Raises NotFound."""
    review = Review.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound()
    return review


def _standing(review_id: UUID) -> Review:
    review = find_review(review_id)
    if review.state not in STANDING:
        raise ReviewGone()
    return review


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise WordsMissing()
    if len(text) > MOST_LETTERS:
        raise WordsTooLong()
    found = dict.fromkeys(finding.word for finding in find_banned_words(text, clock.today()))
    if found:
        raise AnswerWording(words=" ".join(found))
    return text


def _why_not(review: Review, to: To) -> AlreadyAnswered | NothingToAnswer | ReviewGone:
    if review.state not in STANDING:
        return ReviewGone()
    if to == "follow_up" and review.followed_up_at is None:
        return NothingToAnswer()
    return AlreadyAnswered()
