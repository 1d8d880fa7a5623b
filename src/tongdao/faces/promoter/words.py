"""Codes in the words of a promoter: stages, reasons, entrances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tongdao.faces.kit.case_words import reason_words
from tongdao.faces.kit.shapes import Tone
from tongdao.foundation.money import format_yuan
from tongdao.rewards.commissions.queries import Income, Part, Sale, Stage

STAGES: dict[Stage, tuple[Promise, Tone]] = {
    "estimated": (pgettext_lazy("commission", "Estimated"), "waiting"),
    "held": (pgettext_lazy("commission", "Held"), ""),
    "released": (pgettext_lazy("commission", "Released"), "success"),
    "over": (gettext_lazy("Nothing earned"), "plain"),  # type: ignore[dict-item]  # a tone of the kit's tag
}

CLAWED: dict[str, Promise] = {
    "damaged": gettext_lazy("It arrived damaged"),
    "missing": gettext_lazy("Something was missing"),
    "wrong_item": gettext_lazy("Another item arrived, or the wrong one was ordered"),
    "quality": gettext_lazy("It was not as described"),
    "too_late": gettext_lazy("It arrived too late"),
    "too_slow": gettext_lazy("It took too long"),
    "agreed": gettext_lazy("Shop and buyer agreed on it"),
    "changed_mind": gettext_lazy("The buyer changed their mind"),
    "wrong_address": gettext_lazy("The address was wrong"),
    "group_dissolved": gettext_lazy("Its buying group did not fill"),
    "other": gettext_lazy("Another reason"),
}


def clawed_words(reason: str) -> str:
    """Why a share was given up: as staff say it, or as the buyer's case does."""
    return str(CLAWED[reason]) if reason in CLAWED else reason_words("", reason)


CHANNELS: dict[str, Promise] = {
    "chat": gettext_lazy("WeChat chat"),
    "moments": gettext_lazy("WeChat Moments"),
    "weibo": gettext_lazy("Weibo"),
    "qzone": gettext_lazy("Qzone"),
    "video": gettext_lazy("Video"),
    "article": gettext_lazy("Article"),
    "forum": gettext_lazy("Forum"),
    "poster": gettext_lazy("Poster"),
    "outlet": gettext_lazy("Outlet"),
    "direct": gettext_lazy("Elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an amount stands where it stands; `now` is what it waits for, in a few words.

    `by`: when it moves on by itself, and `then` is what happens then.
    """

    text: str
    now: str = ""
    then: str = ""
    by: datetime | None = None


def when(moment: datetime) -> str:
    """In Beijing time, to the minute."""
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def reason_of(sale: Sale) -> Reason:
    if sale.stage == "estimated":
        return _unpaid(sale)
    if sale.stage == "held":
        return _paid(sale)
    if sale.stage == "released":
        return Reason(_("The goods can no longer be given back. The commission is yours."))
    return Reason(over_reason(sale))


def _unpaid(sale: Sale) -> Reason:
    if sale.state == "closing":
        text = _("The order is being closed. If the buyer has just paid, it still counts.")
        return Reason(text, _("Being closed"))
    return Reason(
        _("The buyer has not paid yet. It counts once the payment has arrived."),
        _("Waits for the payment"),
        _("Closes unpaid"),
        sale.pay_by,
    )


def _received(sale: Sale) -> Reason:
    if sale.due_at is None:
        text = _("The time for giving back is over. The commission is yours once nothing is open any more.")
        return Reason(text, _("A refund or a case is open"))
    return Reason(
        _("The buyer has the goods. The commission is yours once they can no longer be given back."),
        _("Can still be given back"),
        _("It is yours"),
        sale.due_at,
    )


def _paid(sale: Sale) -> Reason:
    if sale.state == "completed":
        return _received(sale)
    if sale.group_by:
        text = _("Paid. The order waits for its buying group; if that does not fill, the buyer is refunded.")
        return Reason(text, _("Waits for its group"), _("The group ends"), sale.group_by)
    if sale.confirm_by is None:
        return Reason(
            _("Paid. The shop is to ship it."), _("Waits to be shipped"), _("To be shipped by"), sale.ship_by
        )
    text = _("Paid and on its way. Once the buyer confirms receipt, only the time for giving back is left.")
    return Reason(text, _("On its way to the buyer"), _("Confirmed by itself"), sale.confirm_by)


def over_reason(sale: Sale) -> str:
    """Why nothing is earned."""
    if sale.state in ("paid", "completed"):
        return _("The buyer got the money back, so nothing is earned.")
    grouped = sale.close_reason == "group_dissolved"
    if sale.state == "cancelled":
        if grouped:
            return _("Its buying group did not fill. The buyer gets the money back, so nothing is earned.")
        return _("The order was cancelled before it was shipped. The buyer gets the money back.")
    if grouped:
        return _("Its buying group did not fill before it was paid.")
    if sale.close_reason == "buyer":
        return _("The buyer gave the order up before paying.")
    return _("The order was not paid in time.")


def why(income: Income) -> dict[Stage, str]:
    """One sentence for each amount."""
    return {
        "estimated": _why_estimated(income.estimated),
        "held": _why_held(income.held),
        "released": " ".join(filter(None, (_why_released(income.released), _why_owed(income.owed)))),
    }


def _why_estimated(part: Part) -> str:
    if part.next_at is None:
        return _("No order waits for its payment.")
    text = ngettext(
        "%(count)d order is placed and not paid; unpaid it closes on %(when)s.",
        "%(count)d orders are placed and not paid; unpaid the first closes on %(when)s.",
        part.orders,
    )
    return text % {"count": part.orders, "when": when(part.next_at)}


def _why_held(part: Part) -> str:
    if not part.orders:
        return _("No paid order is on its way.")
    text = ngettext(
        "%(count)d order is paid; this is yours when its goods can no longer be given back.",
        "%(count)d orders are paid; each share is yours when its goods can no longer be given back.",
        part.orders,
    ) % {"count": part.orders}
    if part.next_at is None:
        return text
    return f"{text} {_('The next one moves on by itself on %(when)s.') % {'when': when(part.next_at)}}"


def _why_released(part: Part) -> str:
    if not part.orders:
        return _("Nothing is due to you now.")
    text = ngettext(
        "Yours, from %(count)d order: the shop owes you this.",
        "Yours, from %(count)d orders: the shop owes you this.",
        part.orders,
    )
    return text % {"count": part.orders}


def _why_owed(part: Part) -> str:
    if not part.fen:
        return ""
    text = _("¥%(owed)s is kept back from what becomes yours next, because goods were given back.")
    return text % {"owed": format_yuan(part.fen)}
