"""What buyers say: all of it, and each review with the shop's answer and its folding."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.reviews import ReviewRecord, review_record
from tongdao.faces.console.review_words import fold_choices, reason_words, step
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import REVIEW_STATES as STATES
from tongdao.faces.console.words import state
from tongdao.faces.kit.shapes import Attachment, Cell
from tongdao.foundation.attachments.kinds import PICTURE
from tongdao.trade.reviews.models import MOST_LETTERS
from tongdao.trade.reviews.operations import answer_review, fold_review, unfold_review
from tongdao.trade.reviews.operations.serving import To
from tongdao.trade.reviews.queries import Pixels, ReviewView


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No reviews yet"), _("Whoever has received something can review it. You answer here."), "leaf"
    )
    return listing.show(desk, "reviews", empty)


def _stars(row: ReviewView) -> dict[str, str]:
    label = ngettext("%(count)d star", "%(count)d stars", row.stars) % {"count": row.stars}
    return {"on": "★" * row.stars, "off": "★" * (5 - row.stars), "label": label}


def one(desk: Desk, review_id: UUID) -> HttpResponse:
    record = review_record(review_id)
    view = record.view
    words, tone = state(STATES, view.state)
    standing = view.state != "taken_down"
    typed = desk.request.POST if desk.notice else {}
    context = {
        "crumbs": [desk.crumb(_("Reviews"), "reviews"), desk.crumb(view.title)],
        "view": view,
        "stars": _stars(view),
        "writer": view.writer or _("A guest"),
        "words": words,
        "tone": tone,
        "why": reason_words(view.fold_reason or view.taken_down_reason),
        "pictures": _pictures(view.pictures),
        "follow_up_pictures": _pictures(view.follow_up_pictures),
        "facts": _facts(desk, record),
        "steps": [step(told) for told in record.told],
        "answer_to": _to_answer(view) if standing and desk.may("reviews.answer") else "",
        "answer_url": desk.url("review_answer", review_id=review_id),
        "typed": text(typed, "text", MOST_LETTERS + 100),
        "most": MOST_LETTERS,
        "may_fold": standing and desk.may("reviews.fold"),
        "fold_url": desk.url("review_fold", review_id=review_id),
        "unfold_url": desk.url("review_unfold", review_id=review_id),
        "reasons": fold_choices(),
        "reason": text(typed, "reason", 24),
    }
    return desk.show("review", view.title, context)


def _to_answer(view: ReviewView) -> str:
    """What the next answer is to: the review, its follow-up, or nothing."""
    if view.answered_at is None:
        return "review"
    return "follow_up" if view.followed_up_at and view.follow_up_answered_at is None else ""


def _pictures(found: tuple[Pixels, ...]) -> list[Attachment]:
    return [
        Attachment(
            picture_url(one.file), PICTURE, one.width, one.height, _("Picture %(number)d") % {"number": n}
        )
        for n, one in enumerate(found, 1)
    ]


def _facts(desk: Desk, record: ReviewRecord) -> list[Cell]:
    view = record.view
    product = desk.url("product", product_id=view.product_id) if desk.may("goods.read") else ""
    order = desk.url("order", order_id=record.order_id) if desk.may("orders.read") else ""
    return [
        Cell(view.title, _("Product"), url=product),
        *([Cell(view.option_text, _("Option"))] if view.option_text else []),
        Cell(record.order_number, _("Order"), url=order),
        Cell(view.writer or _("A guest"), _("Buyer")),
        Cell(view.written_at, _("Written"), "time"),
    ]


def answer(desk: Desk, review_id: UUID) -> HttpResponse:
    to = "follow_up" if text(desk.request.POST, "to", 12) == "follow_up" else "review"
    words = text(desk.request.POST, "text", MOST_LETTERS + 100)
    answer_review(review_id, words, to=cast("To", to), actor=desk.actor)
    return desk.done(_("Your answer stands beside the review now."), "review", review_id=review_id)


def fold(desk: Desk, review_id: UUID) -> HttpResponse:
    fold_review(review_id, reason=text(desk.request.POST, "reason", 24), actor=desk.actor)
    done = _("The review is folded. It still counts, and visitors can open it and see why.")
    return desk.done(done, "review", review_id=review_id)


def unfold(desk: Desk, review_id: UUID) -> HttpResponse:
    unfold_review(review_id, actor=desk.actor)
    return desk.done(_("The review is open again."), "review", review_id=review_id)
