"""What happens next with a case and by when, in the buyer's sentences. Figures are the rulebook's."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from tongdao.foundation import clock
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.deadlines import REPLACING
from tongdao.trade.aftersales.eligibility import Offer
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.reasons import NO_REASON


def kind_tells(kind: str) -> str:
    """One sentence: what happens, and by when."""
    hours, days = _hours(), _check_days()
    texts = {
        "cancel": _("It is not shipped, and the money goes back at once."),
        "refund_only": _("You send nothing back. The shop answers within %(hours)d hours, or it is granted.")
        % {"hours": hours},
        "return_refund": _("You send it back. Within %(days)d days of its arrival the money goes back.")
        % {"days": days},
        "exchange": _("You send it back and get another, at the latest %(days)d days after it arrived.")
        % {"days": _days(rules.REPLACEMENT_WITHIN.on(clock.now()))},
        "repair": _("You send it back and get it mended, at the latest %(days)d days after it arrived.")
        % {"days": _days(rules.REPLACEMENT_WITHIN.on(clock.now()))},
        "price_adjustment": _(
            "You keep it and pay less. The shop answers within %(hours)d hours, or it is granted."
        )
        % {"hours": hours},
    }
    return texts.get(kind, "")


def opening_tells(offer: Offer, reason: str) -> list[str]:
    """The facts that stand above the last button of asking."""
    kind = str(offer.kind)
    if kind == "cancel":
        return [
            _("It is not shipped any more."),
            _("The money goes back to where you paid from. Mostly it takes minutes, at most 3 working days."),
        ]
    if reason == NO_REASON:
        first = _("It is agreed to at once: nobody has to say yes.")
    elif kind in ("return_refund", *REPLACING):
        first = _("The shop answers within %(hours)d hours. If it is silent, it counts as agreed.")
    else:
        first = _("The shop answers within %(hours)d hours. If it is silent, the money goes back by itself.")
    told = [first % {"hours": _hours()} if "%(" in first else first]
    if kind in ("return_refund", *REPLACING):
        days = _days(rules.BUYER_SHIPS_BACK.on(clock.now()))
        told.append(_("Then you send it back within %(days)d days.") % {"days": days})
        told.append(kind_tells(kind))
    if reason != NO_REASON:
        told.append(_("If the shop says no, you can ask the platform to decide."))
    return told


def waits_for(case: AfterSale) -> str:
    """Of the state that a case is in: what is to be done, and what happens if it is not."""
    replacing = case.kind in REPLACING
    texts = {
        "agreed": _(
            "Send the goods back and enter the waybill number, or this ends; you can ask again in time."
        ),
        "returning": _("The shop looks at them. If it says nothing until then, they count as arrived.")
        if case.signed_at
        else _("The shop confirms that it has them. If it says nothing, they count as arrived."),
        "replaced": _("Look at them, then confirm. If you do nothing, it counts as received at this time."),
        "refused": _(
            "You can ask the platform to decide until then, or leave it at that. Afterwards it is closed."
        ),
        "granted": _(
            "The payment service is paying it back. Mostly it takes minutes, at most 3 working days."
        ),
        "requested": _("If the shop does not answer until then, the money goes back by itself.")
        if case.kind in ("refund_only", "price_adjustment")
        else _("If the shop does not answer until then, it counts as agreed, and you send the goods back."),
        "received": _("If the shop has not sent them until then, the money goes back by itself.")
        if replacing
        else _("If the shop says nothing until then, the money goes back by itself."),
    }
    return texts.get(str(case.state), "")


def short_wait(case: AfterSale) -> str:
    """The same in a few words, for lists: who has to do what."""
    texts = {
        "requested": _("The shop has to answer"),
        "agreed": _("You send the goods back"),
        "returning": _("Handed over: the shop looks at them")
        if case.signed_at
        else _("The shop confirms that it has them"),
        "received": _("The shop sends them") if case.kind in REPLACING else _("The shop looks at the goods"),
        "replaced": _("You confirm that you have them"),
        "refused": _("You can ask the platform to decide"),
        "granted": _("The money is on its way"),
    }
    return texts.get(str(case.state), "")


def dispute_days() -> tuple[int, int]:
    """How long each side may state its case, and how long the ruling takes after that."""
    now = clock.now()
    return _days(rules.DISPUTE_ANSWER.on(now)), _days(rules.ARBITRATION_WITHIN.on(now))


def appeal_days() -> int:
    return _days(rules.APPEAL_WITHIN.on(clock.now()))


def _hours() -> int:
    return int(rules.SELLER_ANSWERS.on(clock.now()).total_seconds() // 3600)


def _check_days() -> int:
    return int(rules.SELLER_CHECKS_DAYS.on(clock.now()))


def _days(span: timedelta) -> int:
    return span.days
