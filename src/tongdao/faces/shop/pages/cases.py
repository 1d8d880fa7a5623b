"""A buyer's after-sale cases: the list, one of them, its files, and each thing that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.kit.shapes import Choice
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_acts import ACTS, Act, Doing
from tongdao.faces.shop.case_marks import my_cases
from tongdao.faces.shop.case_view import Look, case_context, read_look, return_place
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import BadInput, NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSaleFile
from tongdao.trade.aftersales.posting import post
from tongdao.trade.aftersales.queries import file_of
from tongdao.trade.disputes.queries import file_of as statement_file_of
from tongdao.trade.shipping.carriers import CARRIERS

BEYOND = 100  # letters read of what was typed, more than may be: enough to see that it is too long


@never_cache
@require_safe
@shop_page
def cases(request: HttpRequest, store: Store) -> HttpResponse:
    buyer = buyer_of(request)
    with merchant_scope(store.merchant_id):
        cards = my_cases(store, buyer) if buyer else []
    context = {
        "page_title": _("After-sale"),
        "private": True,
        "back_url": store.url("me"),
        "cards": cards,
        "orders_url": store.url("orders"),
    }
    return show(request, store, "cases", context, tab="me")


@never_cache
@require_safe
@shop_page
def case(request: HttpRequest, store: Store, case_id: UUID) -> HttpResponse:
    with merchant_scope(store.merchant_id):
        context = case_context(read_look(request, store, case_id))
    return show(request, store, "case", context, tab="me")


@never_cache
@require_safe
@shop_page
def case_file(request: HttpRequest, store: Store, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """What either side showed with its words, for the buyer of the case."""
    with merchant_scope(store.merchant_id):
        row = file_of(read_look(request, store, case_id).id, file_id)
    return serve_attachment(row, request)


@never_cache
@require_safe
@shop_page
def dispute_file(request: HttpRequest, store: Store, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """What either side showed the arbiter."""
    with merchant_scope(store.merchant_id):
        dispute = read_look(request, store, case_id).dispute
        if dispute is None:
            raise NotFound()
        row = statement_file_of(dispute.row.id, file_id)
    return serve_attachment(row, request)


def case_act(name: str) -> Callable[..., HttpResponseBase]:
    """The page of one of ACTS: it asks, and does it. What is not open any more leads back to the case."""
    act = ACTS[name]

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @shop_page
    def view(request: HttpRequest, store: Store, case_id: UUID) -> HttpResponse:
        with merchant_scope(store.merchant_id):
            look = read_look(request, store, case_id)
        if request.method != "POST":
            return _ask(request, act, look) if name in look.may else redirect(look.url("case"))
        if name not in look.may:
            messages.warning(request, _("The case has moved on meanwhile. Here is how it stands."))
            return redirect(look.url("case"))
        try:
            _do(request, act, look)
        except BadInput as refusal:
            return _ask(request, act, look, wrong=refusal)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, str(act.done))
        return redirect(look.url("case"))

    return view


def _do(request: HttpRequest, act: Act, look: Look) -> None:
    data = request.POST
    actor = Actor("person", look.case.row.person_id)

    def do(kept: Sequence[Kept]) -> None:
        act.do(
            Doing(
                look,
                actor,
                text(data, "text", act.most + BEYOND),
                text(data, "carrier", 24),
                text(data, "waybill_no", 60),
                kept,
                text(data, "key", 64),
            )
        )

    files = request.FILES.getlist("files") if act.keeps else []
    post(look.store.merchant_id, do, files, keeps=act.keeps or AfterSaleFile)


def _ask(request: HttpRequest, act: Act, look: Look, wrong: Refusal | None = None) -> HttpResponse:
    carrier = text(request.POST, "carrier", 24)
    asking = act.ask(look)
    context = {
        "page_title": asking.title,
        "private": True,
        "back_url": look.url("case"),
        "talk_url": look.store.url("talk", order_id=look.case.row.order_id),
        "asking": asking,
        "with_files": act.keeps is not None,
        "waybill": act.waybill,
        "most": act.most,
        "place": return_place(look.case) if act.waybill else None,
        "carriers": [
            Choice("", _("As the number tells"), not carrier),
            *(Choice(code, str(name), code == carrier) for code, name in CARRIERS.items()),
        ],
        "carrier": carrier,
        "waybill_no": text(request.POST, "waybill_no", 60),
        "typed": text(request.POST, "text", act.most + BEYOND),
        "key": text(request.POST, "key", 64) or uuid7().hex,
        "notice": notice_of(wrong) if wrong else None,
    }
    return show(request, look.store, "case_act", context, tab="me", status=wrong.status if wrong else 200)
