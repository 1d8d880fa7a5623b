"""What of the company itself needs somebody today: licences that end, goods held back, data to confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import LICENCES, SUSPENDED
from tongdao.foundation.clock import beijing_day
from tongdao.goods.catalog.models import Sku
from tongdao.party.merchants.models import Suspension
from tongdao.party.merchants.permissions import Permission
from tongdao.party.merchants.queries import Alarm, company_profile, licence_alarms

HALF_A_YEAR = timedelta(days=180)  # rulebook: operators are verified again every six months


@dataclass(frozen=True, slots=True)
class Need:
    """A card of the first page; `page` is where somebody does something about it."""

    title: str
    figure: str
    why: str
    page: str


def company_needs(may: Callable[[Permission], bool], now: datetime) -> list[Need]:
    """The most pressing first; only what this role can do something about."""
    found: list[Need] = _stopped(may)
    if may("company.edit"):
        found += [_alarm(alarm) for alarm in licence_alarms(beijing_day(now))]
    if may("goods.edit"):
        held = Sku.objects.exclude(held_for="").count()
        if held:
            why = _("A licence or a number is missing")
            found.append(Need(_("Goods held back"), str(held), why, "products"))
    if may("company.edit"):
        found += _company(now)
    return found


def _stopped(may: Callable[[Permission], bool]) -> list[Need]:
    """That the platform takes no new orders for the shop, which everybody has to know."""
    row = Suspension.objects.filter(ended_at__isnull=True).first()
    if row is None:
        return []
    why = _("No new orders are taken: %(why)s") % {"why": SUSPENDED.get(row.reason, row.reason)}
    page = "company" if may("company.edit") else "orders"
    return [Need(_("Suspended by the platform"), beijing_day(row.since).isoformat(), why, page)]


def _alarm(alarm: Alarm) -> Need:
    kind = str(LICENCES.get(alarm.kind, alarm.kind))
    filled = {"kind": kind, "day": alarm.valid_until, "count": alarm.days}
    if alarm.days < 0:
        why = _("%(kind)s: since %(day)s nothing that needs it is sold")
        return Need(_("Licence has ended"), _("ended"), why % filled, "licences")
    why, days = _("%(kind)s, valid until %(day)s"), _("%(count)s days")
    return Need(_("Licence ends soon"), days % filled, why % filled, "licences")


def _company(now: datetime) -> list[Need]:
    row = company_profile()
    if row is None:
        why = _("The law asks every shop to show who runs it")
        return [Need(_("Company data missing"), "—", why, "company")]
    if row.confirmed_at >= now - HALF_A_YEAR:
        return []
    why = _("Every half year somebody has to say that all of it is still right.")
    return [Need(_("Company data to confirm"), beijing_day(row.confirmed_at).isoformat(), why, "company")]
