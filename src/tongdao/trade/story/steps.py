"""The steps of an order as a buyer reads them: pure, from dates and states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.foundation.money import Fen, format_yuan

StepState = Literal["done", "current", "next"]
GROUP_DISSOLVED = "group_dissolved"  # as trade.aftersales closes orders whose buying group is gone


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline. `by` is the promise: when it happens at the latest."""

    code: str
    title: str
    text: str
    state: StepState
    at: datetime | None = None
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps are told from."""

    state: str
    close_reason: str
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    confirm_by: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    refunds: Sequence[RefundFacts]
    group_by: datetime | None = None  # until then its buying group has to be full
    seats_missing: int = 0  # of that group, this order's own among them while it is not paid


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund of the order, or of a payment that came too late for it."""

    reason: str
    state: str
    amount_fen: int
    requested_at: datetime
    succeeded_at: datetime | None


def steps(facts: Facts) -> tuple[Step, ...]:
    """The timeline, first to last; exactly one step is current unless everything is over."""
    told = [Step("placed", _("Ordered"), _("Your goods are reserved."), "done", facts.placed_at)]
    if facts.state == "closed":
        told.append(_closed(facts))
    elif facts.state == "cancelled":
        told += [_paid(facts), _cancelled(facts)]
    else:
        told += [_paid(facts), *_fulfilment(facts)]
    return (*told, *(_refund(refund) for refund in facts.refunds))


def _closed(facts: Facts) -> Step:
    texts = {
        "buyer": _("You gave this order up. You have not been charged."),
        GROUP_DISSOLVED: _("Its group did not come together in time. You have not been charged."),
    }
    late = _("It was not paid in time, so the goods are free again. You have not been charged.")
    text = texts.get(facts.close_reason, late)
    if facts.refunds:
        text = _("Your payment arrived after the order was closed. It goes back to you by itself.")
    return Step("closed", _("Closed"), text, "done", facts.closed_at)


def _paid(facts: Facts) -> Step:
    if facts.paid_at:
        return Step("paid", _("Paid"), _("The payment has arrived."), "done", facts.paid_at)
    if facts.state == "closing":
        text = _("This order is being closed. If you have just paid, that counts, or the money comes back.")
        return Step("paid", _("Closing"), text, "current")
    text = _("Pay before this time, or the order is closed and the goods are free again.")
    return Step("paid", _("Waiting for your payment"), text, "current", by=facts.pay_by)


def _cancelled(facts: Facts) -> Step:
    text = _("You cancelled before it was shipped. Everything you paid goes back.")
    if facts.close_reason == GROUP_DISSOLVED:
        text = _("Its group did not come together in time. Everything you paid goes back by itself.")
    return Step("cancelled", _("Cancelled"), text, "done", facts.closed_at)


def _fulfilment(facts: Facts) -> list[Step]:
    group = [_group(facts)] if facts.group_by else []
    return [*group, _shipped(facts), _delivered(facts), _completed(facts)]


def _group(facts: Facts) -> Step:
    """Only while the order waits for it: who reads on later wants to know about the goods."""
    text = ngettext(
        "%(count)d seat is still to be paid. If it is not in time, everything you paid goes back by itself.",
        "%(count)d seats are still to be paid. If they are not in time, everything you paid goes back"
        " by itself.",
        facts.seats_missing,
    )
    state: StepState = "current" if facts.paid_at else "next"
    return Step(
        "group", _("The group fills"), text % {"count": facts.seats_missing}, state, by=facts.group_by
    )


def _shipped(facts: Facts) -> Step:
    if facts.shipped_at:
        return Step("shipped", _("Shipped"), _("The parcel is with the carrier."), "done", facts.shipped_at)
    state: StepState = "current" if facts.paid_at and not facts.group_by else "next"
    text = _("The shop packs your goods.")
    return Step("shipped", _("Waiting to be shipped"), text, state, by=facts.ship_by)


def _delivered(facts: Facts) -> Step:
    if facts.delivered_at:
        return Step("delivered", _("Delivered"), _("The parcel has arrived."), "done", facts.delivered_at)
    if facts.completed_at:
        return Step("delivered", _("Received"), _("You have the goods."), "done", facts.completed_at)
    state: StepState = "current" if facts.shipped_at else "next"
    return Step("delivered", _("The parcel arrives"), _("You can follow it below."), state)


def _completed(facts: Facts) -> Step:
    if facts.completed_at:
        text = _("Receipt is confirmed. Thank you.")
        return Step("completed", _("Completed"), text, "done", facts.completed_at)
    text = _("Look at the goods, then confirm. If you do nothing, it is confirmed by itself at this time.")
    state: StepState = "current" if facts.delivered_at else "next"
    return Step("completed", _("Waiting for you to confirm"), text, state, by=facts.confirm_by)


def _refund(refund: RefundFacts) -> Step:
    def title(words: str) -> str:
        return f"{words} · ¥{format_yuan(Fen(refund.amount_fen))}"

    if refund.state == "succeeded":
        text = _("The money is back where you paid from.")
        return Step("refunded", title(_("Refunded")), text, "done", refund.succeeded_at)
    if refund.state == "failed":
        text = _(
            "The payment service could not pay it back. The shop sees this and will get in touch with you."
        )
        return Step("refund", title(_("Refund held up")), text, "current", refund.requested_at)
    text = _("The payment service is paying it back. Mostly it takes minutes, at most 3 working days.")
    return Step("refund", title(_("Refund on its way")), text, "current", refund.requested_at)
