"""Reviews as the staff serve them: reading, answering, folding with a reason."""

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from ninja import Field, Query, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.review_shapes import ReviewOut, review_out
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text
from tongdao.faces.lists.registry import LISTS
from tongdao.trade.reviews.models import MOST_LETTERS
from tongdao.trade.reviews.operations import answer_review, fold_review, unfold_review
from tongdao.trade.reviews.queries import views_of

router = Router(tags=["reviews"])
FoldReason = Literal["advertising", "off_topic", "insulting", "personal_data", "repeated"]


class AnswerIn(Input):
    text: Text = Field(min_length=1, max_length=MOST_LETTERS)
    to: Literal["review", "follow_up"] = "review"


if TYPE_CHECKING:
    ReviewFilters = Filters
else:
    ReviewFilters = filters_of("reviews")


class FoldIn(Input):
    reason: FoldReason


@operation(router, "GET", "/merchants/{merchant_id}/reviews", need="reviews.read", answer=Page[ReviewOut])
def list_reviews(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[ReviewFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[ReviewOut]:
    """All reviews of the merchant's products, newest first."""
    found = rows_of(LISTS["reviews"], filters, limit + 1, offset)
    return Page(items=[review_out(view) for view in views_of(found[:limit])], more=len(found) > limit)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/reviews/{review_id}/answer",
    need="reviews.answer",
    answer=ReviewOut,
    refuses=[409],
)
def answer_buyers_review(request: Call, merchant_id: UUID, review_id: UUID, body: AnswerIn) -> ReviewOut:
    """Answer a review or its follow-up, once each. The rules of advertising hold for the words."""
    row = answer_review(review_id, body.text, to=body.to, actor=as_staff(request))
    return review_out(views_of([row])[0])


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/reviews/{review_id}/fold",
    need="reviews.fold",
    answer=ReviewOut,
    refuses=[409],
)
def fold_buyers_review(request: Call, merchant_id: UUID, review_id: UUID, body: FoldIn) -> ReviewOut:
    """Close a review behind a tap, with the reason beside it. It still counts. Again is no error."""
    return review_out(views_of([fold_review(review_id, reason=body.reason, actor=as_staff(request))])[0])


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/reviews/{review_id}/unfold",
    need="reviews.fold",
    answer=ReviewOut,
    refuses=[409],
)
def unfold_buyers_review(request: Call, merchant_id: UUID, review_id: UUID) -> ReviewOut:
    """Open a folded review again. Again is no error."""
    return review_out(views_of([unfold_review(review_id, actor=as_staff(request))])[0])
