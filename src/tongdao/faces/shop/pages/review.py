"""Writing: a review of something received, and later its follow-up; pictures come with the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.models import MOST_LETTERS, Review
from tongdao.trade.reviews.operations import Said, add_follow_up, follow_up_until, write_review
from tongdao.trade.reviews.operations.writing import check_reviewable
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.reviews.refusals import AlreadyFollowedUp, AlreadyReviewed
from tongdao.trade.reviews.states import STANDING

READ_OR_POST = ["GET", "HEAD", "POST"]
READ = MOST_LETTERS + 100  # characters read of what was typed: too many are refused, not cut


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is written about, and what it is called. `help` stands below the text."""

    title: str
    line: OrderLine
    rated: bool
    help: str
    done: str


@never_cache
@require_http_methods(READ_OR_POST)
@shop_page
def review(request: HttpRequest, store: Store, line_id: UUID) -> HttpResponse:
    """Of a line of the buyer's own. One that is reviewed already leads to what was written."""
    buyer = _buyer(request)
    try:
        with merchant_scope(store.merchant_id):
            line = _own_line(line_id, buyer)
            check_reviewable(line)
        sheet = Sheet(
            _("How was it?"),
            line,
            True,
            _("What would have helped you to choose? Leave out names, numbers and addresses."),
            _("Thank you. Your review is in the shop now."),
        )
        stars = text(request.POST, "stars", 2)

        def send(said: Said) -> None:
            number = int(stars) if stars in ("1", "2", "3", "4", "5") else 0
            write_review(line_id, stars=number, said=said, actor=Actor("person", buyer))

        return _answer(request, store, sheet, send)
    except AlreadyReviewed:
        return redirect(store.url("my_reviews"))


@never_cache
@require_http_methods(READ_OR_POST)
@shop_page
def follow_up(request: HttpRequest, store: Store, review_id: UUID) -> HttpResponse:
    """To a review of the buyer's own, once."""
    buyer = _buyer(request)
    with merchant_scope(store.merchant_id):
        rows = Review.objects.select_related("line").filter(pk=review_id, person_id__same_as=buyer)
        mine = rows.first()
    if mine is None:
        raise NotFound()
    if mine.followed_up_at or mine.state not in STANDING:
        return redirect(store.url("my_reviews"))
    until = timezone.localtime(follow_up_until(mine.written_at))
    sheet = Sheet(
        _("How is it by now?"),
        mine.line,
        False,
        _("One follow-up, until %(date)s. What you wrote first stays as it is.")
        % {"date": f"{until:%Y-%m-%d}"},
        _("Thank you. Your follow-up is in the shop now."),
    )

    def send(said: Said) -> None:
        add_follow_up(review_id, said=said, actor=Actor("person", buyer))

    try:
        return _answer(request, store, sheet, send)
    except AlreadyFollowedUp:
        return redirect(store.url("my_reviews"))


def _answer(request: HttpRequest, store: Store, sheet: Sheet, send: Callable[[Said], None]) -> HttpResponse:
    """The form; once it is sent and taken, the list. Words are kept where they are refused, files are not."""
    wrong: BadInput | None = None
    if request.method == "POST":
        try:
            sent = request.FILES.getlist("pictures")
            with stored_pictures(store.merchant_id, sent) as pictures, merchant_scope(store.merchant_id):
                send(Said(text(request.POST, "text", READ), pictures))
            messages.success(request, sheet.done)
            return redirect(store.url("my_reviews"))
        except BadInput as refusal:
            wrong = refusal
    context = {
        "page_title": sheet.title,
        "private": True,
        "back_url": store.url("my_reviews"),
        "sheet": sheet,
        "picture": picture_url(sheet.line.picture),
        "stars": [(number, _words(number)) for number in range(1, 6)],
        "chosen": text(request.POST, "stars", 2),
        "typed": text(request.POST, "text", READ),
        "most_letters": MOST_LETTERS,
        "notice": notice_of(wrong) if wrong else None,
    }
    return show(request, store, "review", context, tab="me", status=wrong.status if wrong else 200)


def _words(stars: int) -> str:
    return [_("Very bad"), _("Bad"), _("Fair"), _("Good"), _("Very good")][stars - 1]


def _buyer(request: HttpRequest) -> UUID:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return buyer


def _own_line(line_id: UUID, buyer: UUID) -> OrderLine:
    line = (
        OrderLine.objects.select_related("order").filter(pk=line_id, order__person_id__same_as=buyer).first()
    )
    if line is None:
        raise NotFound()
    return line
