"""What a buyer does with an order. Each step that ends something is asked about first, in numbers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.order_view import read_story
from tongdao.faces.shop.paying import pay as go_and_pay
from tongdao.faces.shop.questions import Question, ask_cancel, ask_close, ask_confirm
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.actors import Actor
from tongdao.foundation.money import format_yuan
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.aftersales.refusals import CancelReasonUnknown
from tongdao.trade.orders.operations import complete_order
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused
from tongdao.trade.payments.operations import close_purchase
from tongdao.trade.story.queries import OrderStory

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_POST
@shop_page
def pay(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    story = read_story(request, store, order_id)
    return go_and_pay(request, store, story.purchase_id, order_id, person_id=_buyer(request))


@never_cache
@require_http_methods(READ_OR_POST)
@shop_page
def close(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """Give up an order that is not paid."""
    story = read_story(request, store, order_id)
    if request.method != "POST":
        return _ask(request, store, story, ask_close(story), still=story.can_close)
    if story.can_close:
        _close(request, store, story.purchase_id)
    return _back(store, order_id)


@never_cache
@require_http_methods(READ_OR_POST)
@shop_page
def cancel(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """Cancel a paid order of which nothing is packed."""
    story = read_story(request, store, order_id)
    if request.method != "POST":
        return _ask(request, store, story, ask_cancel(story), still=story.can_cancel)
    try:
        with merchant_scope(store.merchant_id):
            cancel_order(order_id, reason=text(request.POST, "reason", 24), actor=_actor(request))
    except CancelReasonUnknown as refusal:
        return _ask(request, store, story, ask_cancel(story), still=True, wrong=str(refusal), status=422)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _back(store, order_id)
    messages.success(request, _("The order is cancelled. ¥%s goes back to you.") % _yuan(story))
    return _back(store, order_id)


@never_cache
@require_http_methods(READ_OR_POST)
@shop_page
def confirm(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """The buyer has the goods."""
    story = read_story(request, store, order_id)
    if request.method != "POST":
        return _ask(request, store, story, ask_confirm(story), still=story.can_confirm)
    try:
        with merchant_scope(store.merchant_id):
            complete_order(order_id, actor=_actor(request))
        messages.success(request, _("Receipt is confirmed. Thank you."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(store, order_id)


def _close(request: HttpRequest, store: Store, purchase_id: UUID) -> None:
    try:
        closed = close_purchase(store.merchant_id, purchase_id, reason="buyer", actor=_actor(request))
    except (GatewayDown, GatewayRefused):
        text = _("The payment service does not answer. The order is being closed and goes on by itself.")
        messages.warning(request, text)
        return
    if closed:
        messages.success(request, _("The order is closed. You have not been charged."))
    else:
        messages.warning(request, _("Your payment had already arrived, so the order goes on."))


def _ask(
    request: HttpRequest,
    store: Store,
    story: OrderStory,
    question: Question,
    *,
    still: bool,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The question on a page of its own; where it is not to be asked any more, back to the order."""
    if not still:
        return _back(store, story.order_id)
    context = {
        "page_title": question.title,
        "private": True,
        "back_url": store.url("order", order_id=story.order_id),
        "question": question,
        "wrong": wrong,
        "story": story,
    }
    return show(request, store, "question", context, tab="me", status=status)


def _back(store: Store, order_id: UUID) -> HttpResponse:
    return redirect(store.url("order", order_id=order_id))


def _buyer(request: HttpRequest) -> UUID:
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return buyer


def _actor(request: HttpRequest) -> Actor:
    return Actor("person", _buyer(request))


def _yuan(story: OrderStory) -> str:
    return format_yuan(story.total_fen)
