"""Service levels: how fast the shop answers who complains, and how often the platform has to decide."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.crm.insight.service import Served, served
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.tables import address
from tongdao.foundation import clock
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.disputes.waiting import for_seller

WEEKS = 12
HOUR, DAY = 3_600, 86_400


def show(desk: Desk) -> HttpResponse:
    now = clock.now()
    whole, weeks = served(now, weeks=WEEKS)
    late = AfterSale.objects.filter(for_seller(), due_at__lte=now).count()
    names = [f"{week.week:%m-%d}" for week in weeks]
    context = {
        "crumbs": [desk.crumb(_("After-sale cases"), "cases"), desk.crumb(_("Service levels"))],
        "cards": _cards(desk, whole, late),
        "whole": whole,
        "weeks": WEEKS,
        "within": rules.SELLER_ANSWERS.on(now) // timedelta(hours=1),
        "cases": list(zip(names, [week.cases for week in weeks], strict=True)),
        "disputed": list(zip(names, [week.disputed for week in weeks], strict=True)),
        "answers": list(zip(names, [(week.answer or 0) // HOUR for week in weeks], strict=True)),
        "refunds": list(zip(names, [(week.refund or 0) // HOUR for week in weeks], strict=True)),
    }
    return desk.show("service", _("Service levels"), context)


def _cards(desk: Desk, whole: Served, late: int) -> list[dict[str, str]]:
    overdue = address(desk.url("cases"), {"turn": "seller", "due": "over"})
    half = _("half of all cases faster")
    told = (
        (_("First answer"), _long(whole.answer), half, ""),
        (_("Until the money goes back"), _long(whole.refund), half, ""),
        (_("Cases of orders"), _share(whole.cases, whole.orders), _of(whole.cases, whole.orders), ""),
        (
            _("Cases before the platform"),
            _share(whole.disputed, whole.cases),
            _of(whole.disputed, whole.cases),
            "",
        ),
        (
            _("Overdue now"),
            str(late),
            _("your time to move is over"),
            overdue,
        ),
    )
    return [dict(zip(("title", "figure", "why", "url"), each, strict=True)) for each in told]


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}


def _share(part: int, whole: int) -> str:
    """Per cent with one decimal."""
    if not whole:
        return "—"
    tenths = (part * 1_000 + whole // 2) // whole
    return f"{tenths // 10}.{tenths % 10}%"


def _long(seconds: int | None) -> str:
    """A duration in its largest fitting unit."""
    if seconds is None:
        return "—"
    if seconds < HOUR:
        minutes = max(1, seconds // 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if seconds < 2 * DAY:
        hours = seconds // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = seconds // DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
