"""Refunds: where each stands, what holds it up, sending a failed one again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.kit.money_text import yuan
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations.refunding import retry_refund


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No refunds here"), _("Money that goes back to buyers stands here, with where it is."), "return"
    )
    again = _again(desk) if desk.may("money.move") else None
    return listing.show(desk, "refunds", empty, extra=again)


def _again(desk: Desk) -> Callable[[Refund], dict[str, str]]:
    """The button below what holds a failed refund up."""
    token = get_token(desk.request)

    def button(refund: Refund) -> dict[str, str]:
        if refund.state != "failed":
            return {}
        label = _("Send ¥%(amount)s again") % {"amount": yuan(refund.amount_fen)}
        html = format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="button button-secondary button-small"><span>{}</span></button></form>',
            desk.url("refund_retry", refund_id=refund.id),
            token,
            label,
        )
        return {"problem": html}

    return button


def retry(desk: Desk, refund_id: UUID) -> HttpResponse:
    retry_refund(refund_id, actor=desk.actor)
    return desk.done(_("The refund is sent again."), "refunds")
