"""Reviews stay (E-Commerce Law, Art. 39), without a name. Who wishes has words and pictures taken down."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.personal import holds
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.operations import take_down_review
from tongdao.trade.reviews.states import STANDING


def take_down_all(person_id: UUID) -> int:
    ids = list(Review.objects.filter(person_id=person_id, state__in=STANDING).values_list("id", flat=True))
    for review_id in ids:
        take_down_review(review_id, reason="erasure", actor=SYSTEM)
    return len(ids)


holds(
    Review,
    "kept",
    shows=("line__title", "stars", "text", "written_at", "follow_up", "followed_up_at", "answer", "state"),
    wished=take_down_all,
)
holds(ReviewPicture, "kept", person="review__person_id", shows=("review__line__title", "file"), file="file")
