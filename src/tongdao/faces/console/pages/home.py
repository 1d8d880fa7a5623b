"""What needs me today, and how the last two weeks went."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.crm.insight.queries import SPANS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.company_needs import company_needs
from tongdao.faces.console.reading.shop import shop_path
from tongdao.faces.console.reading.today import today
from tongdao.faces.console.reading.trend import trend
from tongdao.faces.console.tables import address, tabs
from tongdao.faces.console.typed import text, whole
from tongdao.foundation import clock
from tongdao.rulebook import aftersales as rules

USUAL = 14  # days


def show(desk: Desk) -> HttpResponse:
    now = clock.now()
    asked = whole(text(desk.request.GET, "days", 3))
    days = asked if asked in SPANS else USUAL
    needs = [
        {"title": need.title, "figure": need.figure, "why": need.why, "url": desk.url(need.page)}
        for need in company_needs(desk.may, now)
    ]
    context = {
        "needs": needs,
        "today": today(with_money=desk.may("money.read"), with_reviews=desk.may("reviews.answer")),
        "trend": trend(now, days),
        "spans": tabs(desk.url("home"), "days", _spans(), str(days), {}),
        "now": now,
        "warned_hours": rules.WARN_BEFORE.on(now) // timedelta(hours=1),
        "soon_url": address(desk.url("cases"), {"turn": "seller", "due": "soon"}),
        "shop_url": shop_path(),
    }
    return desk.show("home", _("Today"), context)


def _spans() -> dict[str, str]:
    return {str(days): _("%(days)d days") % {"days": days} for days in SPANS}
