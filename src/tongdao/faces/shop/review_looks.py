"""Reviews as the shop's pages draw them: the summary with its bars, the filters, each review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.kit.shapes import Attachment, NavItem
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation.attachments.kinds import PICTURE
from tongdao.trade.reviews.queries import Pixels, ReviewView, Summary, reviews_of, summary_of

FIRST = 3  # reviews on the product's own page
BAR = 100  # units of a bar's view box


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave so many stars; `width` of BAR."""

    stars: int
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class ReviewLook:
    """One review. `note` says why it is folded or gone; `lines` what was said after it, in order of time."""

    view: ReviewView
    writer: str
    stars: str
    stars_off: str
    stars_label: str
    pictures: tuple[Attachment, ...]
    said: tuple[Saying, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said later: the seller's answer, or the writer's follow-up with its pictures."""

    title: str
    text: str
    at: datetime
    pictures: tuple[Attachment, ...] = ()
    own: bool = False  # the shop's


@dataclass(frozen=True, slots=True)
class ReviewsLook:
    """What a product's page shows of its reviews."""

    total: int
    mean: str
    mean_label: str
    stars: str
    stars_off: str
    bars: tuple[Bar, ...]
    first: tuple[ReviewLook, ...]
    url: str


def read_reviews_look(store: Store, handle: str, product_id: UUID, *, first: int = FIRST) -> ReviewsLook:
    """In the merchant's scope. Folded ones count here and are read on the page of all."""
    summary = summary_of(product_id)
    rows = reviews_of(product_id, limit=first, states=("shown",)).rows if summary.total and first else ()
    url = store.url("reviews", handle=handle)
    whole = (summary.mean_tenths + 5) // 10
    mean = f"{summary.mean_tenths // 10}.{summary.mean_tenths % 10}"
    return ReviewsLook(
        total=summary.total,
        mean=mean,
        mean_label=_("%(mean)s of 5 stars") % {"mean": mean},
        stars="★" * whole,
        stars_off="★" * (5 - whole),
        bars=tuple(_bars(summary)),
        first=tuple(look_of(row) for row in rows),
        url=url,
    )


def _bars(summary: Summary) -> list[Bar]:
    most = max(summary.total, 1)
    return [
        Bar(stars, count, (count * BAR + most // 2) // most)
        for stars, count in sorted(enumerate(summary.counts, 1), reverse=True)
    ]


def filters(summary: Summary, url: str, current: str) -> list[NavItem]:
    """One chip for each filter that finds something, with how many; the current one always."""
    labels = {"all": _("All"), "pictures": _("With pictures"), "follow_up": _("With follow-up")}
    labels |= {str(stars): f"{stars} ★" for stars in range(5, 0, -1)}
    return [
        NavItem(
            url if show == "all" else f"{url}?{urlencode({'show': show})}",
            label,
            current=show == current,
            count=summary.of(show),
        )
        for show, label in labels.items()
        if summary.of(show) or show in (current, "all")
    ]


def look_of(view: ReviewView) -> ReviewLook:
    label = ngettext("%(count)d of 5 stars", "%(count)d of 5 stars", view.stars) % {"count": view.stars}
    return ReviewLook(
        view=view,
        writer=view.writer or _("A buyer"),
        stars="★" * view.stars,
        stars_off="★" * (5 - view.stars),
        stars_label=label,
        pictures=_pictures(view.pictures),
        said=tuple(sorted(_said(view), key=lambda saying: saying.at)),
        note=_note(view),
    )


def _said(view: ReviewView) -> list[Saying]:
    said = []
    if view.answered_at and view.answer:
        said.append(Saying(_("The shop answers"), view.answer, view.answered_at, own=True))
    if view.followed_up_at and view.state != "taken_down":
        days = (view.followed_up_at - view.written_at).days
        later = ngettext("Follow-up after %(days)d day", "Follow-up after %(days)d days", days)
        title = later % {"days": days} if days else _("Follow-up on the same day")
        pictures = _pictures(view.follow_up_pictures)
        said.append(Saying(title, view.follow_up, view.followed_up_at, pictures))
    if view.follow_up_answered_at and view.follow_up_answer:
        title = _("The shop answers the follow-up")
        said.append(Saying(title, view.follow_up_answer, view.follow_up_answered_at, own=True))
    return said


def _pictures(found: Sequence[Pixels]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            picture_url(one.file),
            PICTURE,
            one.width,
            one.height,
            _("Picture %(number)d by the buyer") % {"number": n},
        )
        for n, one in enumerate(found, 1)
    )


def _note(view: ReviewView) -> str:
    if view.state == "folded":
        return _("Folded by the shop: %(reason)s") % {"reason": fold_words(view.fold_reason)}
    if view.state == "taken_down":
        return _("This review was taken down: %(reason)s") % {"reason": _gone_words(view.taken_down_reason)}
    return ""


def fold_words(code: str) -> str:
    words = {
        "advertising": _("advertising"),
        "off_topic": _("not about the goods"),
        "insulting": _("insulting"),
        "personal_data": _("somebody's personal data"),
        "repeated": _("the same words again and again"),
    }
    return words.get(code, code)


def _gone_words(code: str) -> str:
    words = {
        "unlawful": _("its content broke the law"),
        "court_order": _("by order of a court"),
        "authority_order": _("by order of an authority"),
        "rights": _("it infringed somebody's rights"),
        "erasure": _("its writer had their data erased"),
    }
    return words.get(code, code)
