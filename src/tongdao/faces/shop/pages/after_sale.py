"""Asking for something after the sale, started from a line of an order of the buyer's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.shop.asking import Sheet, read_sheet, sheet_context
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_marks import line_cases, promise_facts
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import identifier, text
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.operations import CaseWish, open_case
from tongdao.trade.aftersales.posting import post

READ = MOST_LETTERS + 100  # letters read of what was typed: enough to see that it is too long


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def after_sale(request: HttpRequest, store: Store, line_id: UUID) -> HttpResponse:
    """Which kind, how many and why stand in the address; the last step sends words and files with it."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    with merchant_scope(store.merchant_id):
        sheet = read_sheet(line_id, buyer, request.GET)
    case_id = identifier(text(request.POST, "case_id", 40)) or uuid7()
    if before := _sent_before(store, buyer, case_id):
        return redirect(store.url("case", case_id=before.id))
    wrong = sheet.wrong
    if request.method == "POST" and sheet.offer is not None and sheet.outlook is not None:
        try:
            return _send(request, store, sheet, buyer, case_id)
        except NotFound:
            raise
        except Refusal as refusal:
            wrong = refusal
    return _page(request, store, sheet, case_id, wrong)


def _sent_before(store: Store, buyer: UUID, case_id: UUID) -> AfterSale | None:
    """The same form a second time, when its units are not offered any more."""
    with merchant_scope(store.merchant_id):
        return AfterSale.objects.filter(pk=case_id, person_id__same_as=buyer).first()


def _send(request: HttpRequest, store: Store, sheet: Sheet, buyer: UUID, case_id: UUID) -> HttpResponse:
    assert sheet.offer is not None
    kind, line = str(sheet.offer.kind), sheet.line
    words = text(request.POST, "text", READ)

    def ask(kept: Sequence[Kept]) -> AfterSale:
        wish = CaseWish(
            line.order_id,
            kind,
            {line.id: sheet.quantity},
            sheet.reason,
            words,
            sheet.amount_fen if sheet.takes_amount else None,
            {line.id: sheet.option} if sheet.option and sheet.options else {},
            case_id,
            kept,
        )
        return open_case(wish, actor=Actor("person", buyer))

    case = post(store.merchant_id, ask, [] if kind == "cancel" else request.FILES.getlist("files"))
    with merchant_scope(store.merchant_id):
        back = Fen(AfterSale.objects.select_related("refund").get(pk=case.id).back_fen)
    if kind == "cancel":
        told = _("It is cancelled. ¥%s goes back to you.") % format_yuan(back)
    else:
        told = _("It is with the shop now. Here you see what happens next and by when.")
    messages.success(request, told)
    return redirect(store.url("case", case_id=case.id))


def _return_by(sheet: Sheet) -> date | None:
    """The last day of returning without a reason, once the goods have arrived."""
    ends = [offer.no_reason_until for offer in sheet.offers if offer.no_reason_until]
    return beijing_day(ends[0] - timedelta(seconds=1)) if ends else None


def _page(
    request: HttpRequest, store: Store, sheet: Sheet, case_id: UUID, wrong: Refusal | None
) -> HttpResponse:
    order_url = store.url("order", order_id=sheet.line.order_id)
    here = store.url("after_sale", line_id=sheet.line.id)
    with merchant_scope(store.merchant_id):
        context = {
            "page_title": _("After-sale"),
            "private": True,
            "back_url": order_url if sheet.offer is None or len(sheet.offers) == 1 else here,
            "order_url": order_url,
            "talk_url": store.url("talk", order_id=sheet.line.order_id),
            "sheet": sheet,
            "picture": picture_url(sheet.line.picture),
            "promised": promise_facts(sheet.line.policies, _return_by(sheet)),
            "cases": line_cases(store, sheet.line.order_id).get(sheet.line.id, []),
            "case_id": case_id,
            "most_letters": MOST_LETTERS,
            "typed": text(request.POST, "text", READ),
            "notice": notice_of(wrong) if wrong else None,
            "here": here,
            **sheet_context(sheet, here),
        }
    return show(request, store, "after_sale", context, tab="me", status=wrong.status if wrong else 200)
