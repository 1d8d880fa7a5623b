"""Service levels: how fast the shop answers who complains, and how often the platform has to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.crm.insight.levels import WEEKS, Level, Platform, platform
from tongdao.crm.insight.models import FEWEST
from tongdao.crm.insight.service import Served, served, share_bps
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.tables import address
from tongdao.faces.kit.charts import Pair
from tongdao.foundation import clock
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.disputes.waiting import for_seller

HOUR, DAY = 3_600, 86_400


def show(desk: Desk) -> HttpResponse:
    now = clock.now()
    whole, weeks = served(now, weeks=WEEKS)
    others = platform(now, weeks=WEEKS)
    late = AfterSale.objects.filter(for_seller(), due_at__lte=now).count()
    names = [f"{week.week:%m-%d}" for week in weeks]
    context = {
        "crumbs": [desk.crumb(_("After-sale cases"), "cases"), desk.crumb(_("Service levels"))],
        "cards": _cards(desk, whole, others.together, late),
        "whole": whole,
        "weeks": WEEKS,
        "within": rules.SELLER_ANSWERS.on(now) // timedelta(hours=1),
        "others": FEWEST - 1,
        "reckoned_at": others.reckoned_at,
        "cases": list(zip(names, [week.cases for week in weeks], strict=True)),
        **_lines(weeks, others),
    }
    return desk.show("service", _("Service levels"), context)


def _lines(weeks: Sequence[Served], others: Platform) -> dict[str, list[Pair]]:
    """The shop against the platform's median, week by week: what nobody asked for or answered is a gap."""
    both = [(f"{week.week:%m-%d}", week, others.of(week.week)) for week in weeks]
    return {
        "answers": [_pair(name, week.answer, level.answer, _long) for name, week, level in both],
        "refunds": [_pair(name, week.refund, level.refund, _long) for name, week, level in both],
        "disputed": [
            _pair(name, share_bps(week.disputed, week.cases), level.disputed_bps, _per_cent)
            for name, week, level in both
        ],
    }


def _pair(name: str, own: int | None, other: int | None, said: Callable[[int | None], str]) -> Pair:
    return Pair(name, own, other, said(own), said(other))


def _cards(desk: Desk, whole: Served, others: Level, late: int) -> list[dict[str, str]]:
    overdue = address(desk.url("cases"), {"turn": "seller", "due": "over"})
    half = _("half of all cases faster")
    disputed = share_bps(whole.disputed, whole.cases)
    told = (
        (_("First answer"), _long(whole.answer), _beside(half, others.answer, _long), ""),
        (_("Until the money goes back"), _long(whole.refund), _beside(half, others.refund, _long), ""),
        (
            _("Cases of orders"),
            _per_cent(share_bps(whole.cases, whole.orders)),
            _of(whole.cases, whole.orders),
            "",
        ),
        (
            _("Cases before the platform"),
            _per_cent(disputed),
            _beside(_of(whole.disputed, whole.cases), others.disputed_bps, _per_cent),
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


def _beside(why: str, other: int | None, said: Callable[[int | None], str]) -> str:
    """… and what the platform's median is, where there is one."""
    if other is None:
        return why
    return _("%(why)s; platform's median: %(figure)s") % {"why": why, "figure": said(other)}


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}


def _per_cent(bps: int | None) -> str:
    """With one decimal."""
    if bps is None:
        return "—"
    tenths = (bps + 5) // 10
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
