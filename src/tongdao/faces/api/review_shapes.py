"""A review as programs read it: codes and times, no words of ours."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.pictures import picture_url
from tongdao.trade.reviews.queries import Pixels, ReviewView, Summary

State = Literal["shown", "folded", "taken_down"]


class ReviewPictureOut(Schema):
    url: str | None
    width: int
    height: int


class SayingOut(Schema):
    """Something that was said later."""

    text: str
    at: datetime
    pictures: list[ReviewPictureOut]


class ReviewOut(Schema):
    """A review. A folded one is shown closed, with its reason; of one taken down only a tombstone is left."""

    review_id: UUID
    product_id: UUID
    title: str
    option_text: str
    writer: str = Field(description="Masked; empty for a guest")
    stars: int | None = Field(description="1 to 5; null once taken down")
    text: str
    pictures: list[ReviewPictureOut]
    written_at: datetime
    answer: SayingOut | None = Field(description="The seller's")
    follow_up: SayingOut | None = Field(description="The writer's, later")
    follow_up_answer: SayingOut | None
    state: str = Field(description="shown, folded or taken_down")
    fold_reason: str
    taken_down_reason: str
    taken_down_at: datetime | None


class ReviewSummaryOut(Schema):
    """Folded reviews count, taken-down ones do not."""

    total: int
    mean_tenths: int = Field(description="The mean of all stars in tenths, half up; 0 without reviews")
    stars: list[int] = Field(description="How many gave one star, two, … five")
    with_pictures: int
    with_follow_up: int


def summary_out(summary: Summary) -> ReviewSummaryOut:
    return ReviewSummaryOut(
        total=summary.total,
        mean_tenths=summary.mean_tenths,
        stars=list(summary.counts),
        with_pictures=summary.pictured,
        with_follow_up=summary.followed_up,
    )


def review_out(view: ReviewView) -> ReviewOut:
    gone = view.state == "taken_down"
    follow_up = _saying(view.follow_up, view.followed_up_at, view.follow_up_pictures)
    return ReviewOut(
        review_id=view.review_id,
        product_id=view.product_id,
        title=view.title,
        option_text=view.option_text,
        writer="" if gone else view.writer,
        stars=None if gone else view.stars,
        text=view.text,
        pictures=_pictures(view.pictures),
        written_at=view.written_at,
        answer=None if gone else _saying(view.answer, view.answered_at),
        follow_up=None if gone else follow_up,
        follow_up_answer=None if gone else _saying(view.follow_up_answer, view.follow_up_answered_at),
        state=view.state,
        fold_reason=view.fold_reason,
        taken_down_reason=view.taken_down_reason,
        taken_down_at=view.taken_down_at,
    )


def _saying(text: str, at: datetime | None, pictures: tuple[Pixels, ...] = ()) -> SayingOut | None:
    return SayingOut(text=text, at=at, pictures=_pictures(pictures)) if at else None


def _pictures(found: tuple[Pixels, ...]) -> list[ReviewPictureOut]:
    return [ReviewPictureOut(url=picture_url(one.file), width=one.width, height=one.height) for one in found]
