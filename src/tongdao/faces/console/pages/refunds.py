"""Refunds: where each stands, what holds it up, sending a failed one again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.books import RefundRow, refund_page
from tongdao.faces.console.tables import pager, place_of, tabs
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import REFUND_REASONS, REFUND_STATES, state
from tongdao.trade.payments.operations.refunding import retry_refund


def show(desk: Desk) -> HttpResponse:
    wanted = text(desk.request.GET, "state", 12)
    wanted = wanted if wanted in REFUND_STATES else ""
    page = refund_page(wanted, place_of(desk.request.GET))
    base = desk.url("refunds")
    labels = {"": _("All"), **{code: str(words) for code, (words, _tone) in REFUND_STATES.items()}}
    ids = [row.refund_id for row in page.rows]
    context = {
        "wanted": wanted,
        "views": tabs(base, "state", labels, wanted, {}),
        "rows": [_shown(desk, row) for row in page.rows],
        "pager": pager(
            base,
            {"state": wanted},
            ids[0] if ids else None,
            ids[-1] if ids else None,
            page.newer,
            page.older,
        ),
    }
    return desk.show("refunds", _("Refunds"), context)


def _shown(desk: Desk, row: RefundRow) -> dict[str, object]:
    words, tone = state(REFUND_STATES, row.state)
    again = row.state == "failed" and desk.may("money.move")
    return {
        "row": row,
        "words": words,
        "tone": tone,
        "reason": str(REFUND_REASONS.get(row.reason, row.reason)),
        "problem": problem_words(row.problem),
        "order_url": desk.url("order", order_id=row.order_id) if row.order_id else "",
        "retry_url": desk.url("refund_retry", refund_id=row.refund_id) if again else "",
    }


def problem_words(code: str) -> str:
    """What holds a refund up, and what to do about it."""
    if not code:
        return ""
    known = {
        "unreachable": _("The payment channel cannot be reached. It is asked again by itself."),
        "NOT_ENOUGH": _("Your account at the channel has too little money. Top it up, then send it again."),
        "channel_failed": _("The channel could not pay it back. Call the channel, then send it again."),
    }
    return known.get(code) or _("The channel says %(code)s. It is asked again by itself.") % {"code": code}


def retry(desk: Desk, refund_id: UUID) -> HttpResponse:
    retry_refund(refund_id, actor=desk.actor)
    return desk.done(_("The refund is sent again."), "refunds")
