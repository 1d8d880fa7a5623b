"""Taking a review down by law: its words and pictures go, a tombstone with the reason stays."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import NotAllowed
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import on_commit
from tongdao.trade.reviews.events import ReviewTakenDown
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.operations.serving import find_review
from tongdao.trade.reviews.pictures import discard
from tongdao.trade.reviews.refusals import TakeDownReasonUnknown
from tongdao.trade.reviews.states import REVIEW
from tongdao.trade.reviews.tally import count_out

TAKE_DOWN_REASONS = (
    "unlawful",  # its content breaks the law
    "court_order",
    "authority_order",
    "rights",  # it infringes somebody's rights, as was notified and found
    "erasure",  # its writer had their personal data erased (PIPL, Art. 47)
)
ERASED = {"text": "", "answer": "", "follow_up": "", "follow_up_answer": ""}


def take_down_review(review_id: UUID, *, reason: str, actor: Actor) -> Review:
    """Only the platform does it, never the shop that was reviewed. Again is no error.

    It counts no more. Raises NotFound, NotAllowed or TakeDownReasonUnknown.
    """
    if actor.kind not in ("operator", "system"):
        raise NotAllowed()
    if reason not in TAKE_DOWN_REASONS:
        raise TakeDownReasonUnknown()
    find_review(review_id)
    stone = {"taken_down_reason": reason, "taken_down_at": clock.now(), **ERASED}
    moved = claim(REVIEW, "shown", "taken_down", Review, [review_id], **stone)
    moved += claim(REVIEW, "folded", "taken_down", Review, [review_id], **stone)
    review = find_review(review_id)
    if moved:
        _erase_pictures(review)
        count_out(review)
        payload = ReviewTakenDown(product_id=review.product_id, person_id=review.person_id)
        record(payload, subject=review, actor=actor, reason=reason)
    return review


def _erase_pictures(review: Review) -> None:
    rows = ReviewPicture.objects.filter(review=review)
    files = list(rows.values_list("file", flat=True))
    rows.update(file="")
    on_commit(lambda: discard(files))
