"""Cancelling for the buyer, after saying in numbers what that does."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.record import record_of, shares_of
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import CANCEL_REASONS
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.aftersales.standing import standing_lines
from tongdao.trade.orders.models import Order


def show(desk: Desk, order_id: UUID) -> HttpResponse:
    record = record_of(order_id)
    order = record.order
    context = {
        "crumbs": [
            desk.crumb(_("Orders"), "orders"),
            desk.crumb(order.number, "order", order_id=order.id),
            desk.crumb(_("Cancel")),
        ],
        "order": order,
        "open": record.story.can_cancel,
        "units": sum(line.quantity - line.back_quantity for line in record.story.lines),
        "amount": sum(one.left_fen for one in standing_lines(order.id)),
        "commission": sum(share.fen for share in shares_of(order.id) if share.kind == "promoter"),
        "reasons": [Choice(code, str(CANCEL_REASONS.get(code, code))) for code in CANCEL_REASONS],
        "reason": text(desk.request.POST, "reason", 24),
        "order_url": desk.url("order", order_id=order.id),
    }
    return desk.show("cancel", _("Cancel %(number)s") % {"number": order.number}, context)


def act(desk: Desk, order_id: UUID) -> HttpResponse:
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    reason = text(desk.request.POST, "reason", 24)
    case = cancel_order(order.id, reason=reason, actor=desk.for_buyer(order.person_id))
    amount = yuan(case.back_fen)
    done = _("Cancelled. ¥%(amount)s is on its way back to the buyer.") % {"amount": amount}
    return desk.done(done, "order", order_id=order.id)
