"""What needs me today, and how the last two weeks went."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.company_needs import company_needs
from tongdao.faces.console.reading.shop import shop_path
from tongdao.faces.console.reading.today import today
from tongdao.faces.console.reading.trend import trend
from tongdao.foundation import clock


def show(desk: Desk) -> HttpResponse:
    now = clock.now()
    needs = [
        {"title": need.title, "figure": need.figure, "why": need.why, "url": desk.url(need.page)}
        for need in company_needs(desk.may, now)
    ]
    context = {
        "needs": needs,
        "today": today(with_money=desk.may("money.read")),
        "trend": trend(now),
        "now": now,
        "shop_url": shop_path(),
    }
    return desk.show("home", _("Today"), context)
