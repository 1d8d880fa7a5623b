"""What buyers say of a product, for everybody; and writing it, for its buyers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from tongdao.faces.api.access import Call, as_person, merchant_of, store_of
from tongdao.faces.api.documents import document
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.review_shapes import ReviewOut, ReviewSummaryOut, review_out, summary_out
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Slug, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.reading.marks import PRODUCT
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.reviews.marks import REVIEWS
from tongdao.trade.reviews.models import MOST_LETTERS, Review
from tongdao.trade.reviews.operations import Said, add_follow_up, write_review
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.reviews.queries import ReviewView, lines_to_review, reviews_of, summary_of, views_of

router = Router(tags=["reviews"])
Show = Literal["all", "pictures", "follow_up", "5", "4", "3", "2", "1"]
Pictures = Annotated[
    list[UploadedFile], File(description="At most 9: JPEG, PNG, WebP or GIF of at most 10 MB each")
]


class FollowUpIn(Input):
    """Words, pictures, or both."""

    text: Text = Field("", max_length=MOST_LETTERS)


class ReviewIn(FollowUpIn):
    stars: int = Field(ge=1, le=5)


class ProductReviewsOut(Schema):
    """A part of a product's reviews, newest first; `next` is the `before` of the part that follows."""

    summary: ReviewSummaryOut
    items: list[ReviewOut]
    next: UUID | None


class LineToReviewOut(Schema):
    """A line that was received and waits for its review."""

    order_id: UUID
    line_id: UUID
    product_id: UUID
    title: str
    option_text: str
    picture_url: str | None


class MyReviewOut(ReviewOut):
    merchant_id: UUID
    follow_up_until: datetime | None = Field(description="null: no follow-up can be added any more")


@operation(
    router,
    "GET",
    "/stores/{slug}/products/{handle}/reviews",
    need="nobody",
    answer=ProductReviewsOut,
    refuses=[404],
)
def list_product_reviews(
    request: HttpRequest,
    slug: Slug,
    handle: Text,
    show: Annotated[Show, Query(description="Tombstones stand only among all")] = "all",
    before: UUID | None = None,
    limit: Limit = 20,
) -> HttpResponse:
    """What buyers say of a product, newest first, and how it adds up."""
    return document(
        request,
        slug,
        marks=(PRODUCT, REVIEWS),
        facts={"handle": handle, "show": show, "before": before, "limit": limit},
        make=lambda: _product_reviews(handle, show, before, limit),
    )


def _product_reviews(handle: str, show: Show, before: UUID | None, limit: int) -> ProductReviewsOut:
    product_id = Product.objects.filter(handle=handle, published=True).values_list("id", flat=True).first()
    if product_id is None:
        raise NotFound()
    page = reviews_of(product_id, show=show, before=before, limit=limit)
    return ProductReviewsOut(
        summary=summary_out(summary_of(product_id)),
        items=[review_out(row) for row in page.rows],
        next=page.older,
    )


@operation(
    router,
    "GET",
    "/stores/{slug}/reviews/to-write",
    need="person",
    answer=list[LineToReviewOut],
    refuses=[404],
)
def list_lines_to_review(request: Call, slug: Slug) -> list[LineToReviewOut]:
    """What I received from this store and have not reviewed, the latest 50."""
    with merchant_scope(store_of(slug).merchant_id):
        lines = lines_to_review(request.auth.id)
    return [_line(line) for line in lines]


@operation(router, "GET", "/reviews", need="person", answer=Page[MyReviewOut])
def list_my_reviews(request: Call, limit: Limit = 20, offset: Offset = 0) -> Page[MyReviewOut]:
    """What I wrote, at all merchants, newest first."""
    with person_scope(request.auth.id):
        rows = Review.objects.order_by("-written_at", "-id").values_list("id", "merchant_id")
        found = list(rows[offset : offset + limit + 1])
    places = dict(found[:limit])
    views = _views(places)
    return Page(items=[_mine(views[id], places[id]) for id in places], more=len(found) > limit)


@operation(
    router,
    "POST",
    "/orders/{order_id}/lines/{line_id}/review",
    need="person",
    answer=ReviewOut,
    status=201,
    refuses=[404, 409],
)
def review_line(
    request: Call,
    order_id: UUID,
    line_id: UUID,
    body: Annotated[ReviewIn, Form()],
    pictures: Pictures = [],  # noqa: B006 it is only read; the description wants a list
) -> ReviewOut:
    """Review a line that I received. A line has one review, which nobody can change or delete."""
    merchant_id = merchant_of(Order, order_id, request.auth.id)
    with stored_pictures(merchant_id, pictures) as stored, merchant_scope(merchant_id):
        if not OrderLine.objects.filter(pk=line_id, order_id=order_id).exists():
            raise NotFound()
        said = Said(body.text, stored)
        row = write_review(line_id, stars=body.stars, said=said, actor=as_person(request))
        return review_out(views_of([row])[0])


@operation(
    router,
    "POST",
    "/reviews/{review_id}/follow-up",
    need="person",
    answer=ReviewOut,
    status=201,
    refuses=[404, 409],
)
def follow_up_review(
    request: Call,
    review_id: UUID,
    body: Annotated[FollowUpIn, Form()],
    pictures: Pictures = [],  # noqa: B006 as above
) -> ReviewOut:
    """Add the one follow-up to a review of mine, with words or pictures."""
    merchant_id = merchant_of(Review, review_id, request.auth.id)
    with stored_pictures(merchant_id, pictures) as stored, merchant_scope(merchant_id):
        row = add_follow_up(review_id, said=Said(body.text, stored), actor=as_person(request))
        return review_out(views_of([row])[0])


def _views(places: Mapping[UUID, UUID]) -> dict[UUID, ReviewView]:
    """By id; `places` names the merchant of each."""
    found: dict[UUID, ReviewView] = {}
    for merchant_id in set(places.values()):
        ids = [id for id, owner in places.items() if owner == merchant_id]
        with merchant_scope(merchant_id):
            views = views_of(list(Review.objects.filter(pk__in=ids)))
        found |= {view.review_id: view for view in views}
    return found


def _mine(view: ReviewView, merchant_id: UUID) -> MyReviewOut:
    until = view.may_follow_up_until
    return MyReviewOut(**review_out(view).model_dump(), merchant_id=merchant_id, follow_up_until=until)


def _line(line: OrderLine) -> LineToReviewOut:
    return LineToReviewOut(
        order_id=line.order_id,
        line_id=line.id,
        product_id=line.product_id,
        title=line.title,
        option_text=line.option_text,
        picture_url=picture_url(line.picture),
    )
