"""Codes in the words of a promoter: stages, reasons, entrances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tongdao.faces.kit.shapes import Tone
from tongdao.rewards.commissions.queries import Income, Part, Sale, Stage

STAGES: dict[Stage, tuple[Promise, Tone]] = {
    "estimated": (pgettext_lazy("commission", "Estimated"), "waiting"),
    "held": (pgettext_lazy("commission", "Held"), ""),
    "released": (pgettext_lazy("commission", "Released"), "success"),
    "over": (gettext_lazy("Nothing earned"), "plain"),  # type: ignore[dict-item]  # a tone of the kit's tag
}

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
        return Reason(_("The buyer has the goods. The commission is yours."))
    return Reason(_over(sale))


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


def _paid(sale: Sale) -> Reason:
    if sale.group_by:
        text = _("Paid. The order waits for its buying group; if that does not fill, the buyer is refunded.")
        return Reason(text, _("Waits for its group"), _("The group ends"), sale.group_by)
    if sale.confirm_by is None:
        return Reason(
            _("Paid. The shop is to ship it."), _("Waits to be shipped"), _("To be shipped by"), sale.ship_by
        )
    text = _("Paid and on its way. The commission is yours when the buyer confirms receipt.")
    return Reason(text, _("On its way to the buyer"), _("Confirmed by itself"), sale.confirm_by)


def _over(sale: Sale) -> str:
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
        "released": _why_released(income.released),
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
        "%(count)d order is paid; this is yours when the buyer confirms receipt.",
        "%(count)d orders are paid; each share is yours when its buyer confirms receipt.",
        part.orders,
    ) % {"count": part.orders}
    if part.next_at is None:
        return text
    return f"{text} {_('The next one is confirmed by itself on %(when)s.') % {'when': when(part.next_at)}}"


def _why_released(part: Part) -> str:
    if not part.orders:
        return _("No order is complete yet.")
    text = ngettext(
        "Yours: %(count)d order is complete, and the shop owes you this.",
        "Yours: %(count)d orders are complete, and the shop owes you this.",
        part.orders,
    )
    return text % {"count": part.orders}


def percent(bps: int) -> str:
    """1250 is "12.5"."""
    ones, rest = divmod(bps, 100)
    return f"{ones}.{rest:02d}".rstrip("0").rstrip(".")
