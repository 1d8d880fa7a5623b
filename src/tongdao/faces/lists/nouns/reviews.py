from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import SEARCH, Choice, Dates, Rows, Words, cases
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import REVIEW_STATES
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.queries import ReviewView, views_of
from tongdao.trade.reviews.states import STANDING

VIEWS: dict[str, Q] = {
    "open": Q(state__in=STANDING)
    & (Q(answered_at__isnull=True) | Q(followed_up_at__isnull=False, follow_up_answered_at__isnull=True)),
    "low": Q(state__in=STANDING, stars__lte=2),
    "pictures": Q(pictures__gt=0) | Q(follow_up_pictures__gt=0),
    "folded": Q(state="folded"),
    "gone": Q(state="taken_down"),
}
SHOWS = {
    "open": _("To be answered"),
    "low": _("One or two stars"),
    "pictures": _("With pictures"),
    "folded": _("Folded"),
    "gone": _("Taken down"),
}


def views(reviews: Sequence[Review]) -> Mapping[UUID, ReviewView]:
    return {view.review_id: view for view in views_of(reviews)}


def _by_words(rows: Rows, typed: str) -> Rows:
    said = Q(text__icontains=typed) | Q(follow_up__icontains=typed)
    return rows.filter(said | Q(line__title__icontains=typed))


def _by_stars(rows: Rows, code: str) -> Rows:
    return rows.filter(stars=int(code), state__in=STANDING)


def _stars() -> list[tuple[str, str]]:
    return [(str(number), f"{number} ★") for number in range(5, 0, -1)]


def _picture(review: Review, view: ReviewView | None) -> str:
    return view.pictures[0].file if view and view.pictures else ""


REVIEWS = ListSpec(
    noun="reviews",
    title=_("Reviews"),
    need="reviews.read",
    model=Review,
    rows=lambda: Review.objects.all(),
    parts={"view": views},
    columns=(
        Column(
            "product",
            _("Product"),
            lambda r, view: view.title,
            part="view",
            link=lambda r, view: Link("review", {"review_id": r.id}),
        ),
        Column("stars", _("Stars"), lambda r, _: None if r.state == "taken_down" else r.stars, "stars"),
        Column("said", _("What was said"), lambda r, view: view.text, part="view", picture=_picture),
        Column("answer", _("Answer"), lambda r, view: view.answer, part="view", shown=False),
        Column("follow_up", _("Follow-up"), lambda r, view: view.follow_up, part="view", shown=False),
        Column("writer", _("Buyer"), lambda r, view: view.writer or _("A guest"), part="view"),
        Column("written", _("Written"), lambda r, _: r.written_at, "time"),
        Column("answered", _("Answered"), lambda r, _: r.answered_at, "time", shown=False),
        Column("state", _("State"), lambda r, _: r.state, "tag", words=REVIEW_STATES),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("show", _("Which reviews"), lambda: options(SHOWS), cases(VIEWS)),
        Choice("stars", _("Stars"), _stars, _by_stars),
        Dates("written", _("Written"), "written_at"),
    ),
    tabs="show",
    sorts=(
        Sort("", _("Newest first"), "written_at"),
        Sort("old", _("Oldest first"), "written_at", up=True),
    ),
)
