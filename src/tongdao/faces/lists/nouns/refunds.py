from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Rows, Words, coded
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import REFUND_REASONS, REFUND_STATES
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund

NUMBER = 18


def numbers_of(refunds: Sequence[Refund]) -> Mapping[UUID, str]:
    """The number of the order that it is about."""
    numbers = dict(Order.objects.filter(pk__in={row.order_id for row in refunds}).values_list("id", "number"))
    return {row.id: numbers[row.order_id] for row in refunds if row.order_id in numbers}


def problem_words(code: str) -> str:
    """What holds a refund up, and what to do about it."""
    if not code:
        return ""
    known = {
        "unreachable": _("The payment channel cannot be reached. It is asked again by itself."),
        "NOT_ENOUGH": _("Your account at the channel has too little money. Top it up, then send it again."),
        "channel_closed": _("The channel has closed it and paid nothing. Send it again."),
        "channel_failed": _("The channel could not pay it back. Call the channel, then send it again."),
    }
    return str(
        known.get(code) or _now("The channel says %(code)s. It is asked again by itself.") % {"code": code}
    )


def _by_words(rows: Rows, typed: str) -> Rows:
    """An order's number or its beginning."""
    digits = typed.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= NUMBER):
        return rows.filter(refund_no=typed)
    orders = Order.objects.filter(number__gte=digits, number__lte=digits.ljust(NUMBER, "9"))
    return rows.filter(order_id__in=orders.values("id"))


def _link(refund: Refund, number: object) -> Link | None:
    return Link("order", {"order_id": refund.order_id}, "orders.read") if refund.order_id else None


REFUNDS = ListSpec(
    noun="refunds",
    title=_("Refunds"),
    need="money.read",
    model=Refund,
    rows=lambda: Refund.objects.all(),
    parts={"number": numbers_of},
    columns=(
        Column("order", _("Order"), lambda r, number: number or _("No order"), part="number", link=_link),
        Column("refund_no", _("Refund number"), lambda r, _: r.refund_no, "muted", shown=False),
        Column("when", _("When"), lambda r, _: r.requested_at, "time"),
        Column("reason", _("Why"), lambda r, _: str(REFUND_REASONS.get(r.reason, r.reason))),
        Column("state", _("State"), lambda r, _: r.state, "tag", words=REFUND_STATES),
        Column("problem", _("What holds it up"), lambda r, _: problem_words(r.problem), "muted"),
        Column("succeeded", _("Paid back"), lambda r, _: r.succeeded_at, "time", shown=False),
        Column("tries", _("Tries"), lambda r, _: r.tries, "num", shown=False),
        Column("amount", _("Amount"), lambda r, _: r.amount_fen, "money"),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("state", _("State"), lambda: options(REFUND_STATES), coded("state")),
        Choice("reason", _("Why"), lambda: options(REFUND_REASONS), coded("reason")),
        Dates("when", _("When"), "requested_at"),
        Amount("amount", _("Amount"), "amount_fen"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
