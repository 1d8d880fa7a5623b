"""What buyers say of what they received, and how it adds up. The database refuses to delete or reword it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product
from tongdao.trade.orders.models import OrderLine

MOST_PICTURES = 9
MOST_LETTERS = 500


class Review(TenantModel):
    """One order line's review with all that was said of it. Each of its four texts is said once and stands.

    Pictures are counted here, so that none can be added later. A taken-down one keeps its dates and loses its
    words.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    line: TenantForeignKey[OrderLine, OrderLine] = TenantForeignKey(
        OrderLine, related_name="reviews", indexed=False
    )
    product: TenantForeignKey[Product, Product] = TenantForeignKey(
        Product, related_name="reviews", indexed=False
    )
    person_id = models.UUIDField()  # the buyer who wrote it
    stars = models.SmallIntegerField()  # 1 to 5
    text = models.CharField(max_length=MOST_LETTERS, default="", blank=True)
    pictures = models.SmallIntegerField(default=0)  # how many came with it
    written_at = models.DateTimeField()
    answer = models.CharField(max_length=MOST_LETTERS, default="", blank=True)  # the seller's
    answered_at = models.DateTimeField(null=True)
    follow_up = models.CharField(max_length=MOST_LETTERS, default="", blank=True)  # the buyer's, later
    follow_up_pictures = models.SmallIntegerField(default=0)
    followed_up_at = models.DateTimeField(null=True)
    follow_up_answer = models.CharField(max_length=MOST_LETTERS, default="", blank=True)
    follow_up_answered_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="shown")  # see states.REVIEW
    version = models.IntegerField(default=1)
    fold_reason = models.CharField(max_length=24, default="", blank=True)  # of operations.FOLD_REASONS
    folded_at = models.DateTimeField(null=True)
    taken_down_reason = models.CharField(max_length=24, default="", blank=True)  # of TAKE_DOWN_REASONS
    taken_down_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "review"
        indexes = [
            models.Index(fields=["merchant_id", "product", "written_at", "id"], name="review_product"),
            models.Index(
                fields=["merchant_id", "product", "stars", "written_at", "id"], name="review_product_stars"
            ),
            models.Index(fields=["merchant_id", "written_at", "id"], name="review_latest"),
            models.Index(fields=["person_id", "written_at"], name="review_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "line"], name="review_once_a_line"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="review_stars"),
            models.CheckConstraint(
                condition=Q(pictures__range=(0, MOST_PICTURES), follow_up_pictures__range=(0, MOST_PICTURES)),
                name="review_pictures",
            ),
        ]


class ReviewPicture(TenantModel):
    """A picture of a review or of its follow-up, drawn anew when it came. `file` is empty once taken down."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    review: TenantForeignKey[Review, Review] = TenantForeignKey(
        Review, related_name="picture_rows", indexed=False
    )
    follow_up = models.BooleanField(default=False)
    position = models.SmallIntegerField()  # from 1
    file = models.CharField(max_length=255)  # path below MEDIA_ROOT
    width = models.IntegerField()
    height = models.IntegerField()

    class Meta(TenantModel.Meta):
        db_table = "review_picture"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "review", "follow_up", "position"], name="review_picture_place"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="review_picture_position"),
        ]


class ReviewTally(TenantModel):
    """How a product's reviews add up: folded ones count, taken-down ones do not.

    Written in the transaction of each review it counts, so it is never behind, and a change of any review of
    the product writes this row: its xmin tells one state of them from another (marks.py).
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    product: TenantForeignKey[Product, Product] = TenantForeignKey(
        Product, related_name="review_tallies", indexed=False
    )
    stars_1 = models.IntegerField(default=0)
    stars_2 = models.IntegerField(default=0)
    stars_3 = models.IntegerField(default=0)
    stars_4 = models.IntegerField(default=0)
    stars_5 = models.IntegerField(default=0)
    pictured = models.IntegerField(default=0)  # reviews with pictures, their own or of their follow-up
    followed_up = models.IntegerField(default=0)  # reviews with a follow-up

    class Meta(TenantModel.Meta):
        db_table = "review_tally"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "product"], name="review_tally_product"),
            models.CheckConstraint(
                condition=Q(
                    stars_1__gte=0,
                    stars_2__gte=0,
                    stars_3__gte=0,
                    stars_4__gte=0,
                    stars_5__gte=0,
                    pictured__gte=0,
                    followed_up__gte=0,
                ),
                name="review_tally_counts",
            ),
        ]
