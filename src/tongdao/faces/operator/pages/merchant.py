"""A merchant's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.frame import show
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, Way, act_way, link
from tongdao.faces.operator.reading.merchants import Company, company
from tongdao.faces.operator.words import word
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.party.merchants.models import Licence
from tongdao.party.merchants.queries import ALARMS


def one(request: HttpRequest, merchant_id: UUID) -> HttpResponse:
    found = company(merchant_id)
    record = Record(found.merchant.name, _facts(found), _grids(found), _ways(found))
    return show(request, "record", record.title, {"record": record})


def moment(at: Any) -> str:
    return date_format(localtime(at), "Y-m-d H:i") if at else "—"


def _facts(found: Company) -> list[Fact]:
    profile, suspension = found.profile, found.suspension
    stopped = Fact(
        _("State"),
        _("suspended") if suspension else _("open"),
        "danger" if suspension else "success",
        note=f"{word(suspension.reason)} · {moment(suspension.since)}" if suspension else "",
    )
    described = (
        Fact(_("Company"), profile.legal_name, note=f"{profile.credit_code} · {profile.legal_address}")
        if profile
        else Fact(_("Company profile"), _("missing"), "warning", note=_("The law wants it shown."))
    )
    return [
        stopped,
        described,
        Fact(_("Service phone"), profile.service_phone if profile else "—"),
        Fact(_("Since"), moment(found.merchant.created_at), note=str(found.merchant.pk)),
        Fact(_("Staff"), joined(f"{word(role)} {count}" for role, count in found.staff) or "—"),
        Fact(
            _("Payments"),
            word(found.account.channel) if found.account else _("not connected"),
            "success" if found.account else "warning",
            note=found.account.mchid if found.account else "",
        ),
        Fact(
            _("Latest callbacks"),
            joined(f"{word(verdict)} {count}" for verdict, count in found.callbacks) or "—",
            url=_of("callbacks", found, "&verdict=all"),
        ),
    ]


def _of(name: str, found: Company, more: str = "") -> str:
    return f"{reverse(f'operator:{name}')}?merchant={found.merchant.pk}{more}"


def _grids(found: Company) -> list[Grid]:
    today = beijing_day(clock.now())
    shops = [[link(f"/s/{shop.slug}/", shop.name), shop.slug, shop.domain or "—"] for shop in found.shops]
    papers = [
        [each.kind, each.number, each.holder, str(each.valid_until or "—"), _due(each, today)]
        for each in found.licences
    ]
    failing = [
        [link(reverse("operator:reader", args=[name]), name), failures, error]
        for name, failures, error in found.failing
    ]
    told = [
        [moment(one.at), one.name, word(one.actor), f"{one.subject} …{str(one.subject_id)[-8:]}", one.reason]
        for one in found.events
    ]
    deeds = [[moment(deed.at), word(deed.act), deed.reason] for deed in found.deeds]
    grids = [
        Grid(_("Shops"), (pgettext("shop", "Name"), _("Path"), _("Domain")), shops),
        Grid(
            _("Licences"),
            (_("Kind"), pgettext("licence", "Number"), _("Holder"), _("Until"), _("Due")),
            papers,
        ),
        Grid(_("What operators did"), (_("When"), _("Deed"), _("Reason")), deeds),
        Grid(_("Latest events"), (_("When"), _("Event"), _("By"), _("Subject"), _("Reason")), told),
    ]
    if failing:
        grids.insert(
            0, Grid(_("Readers that stand still"), (_("Reader"), _("Failures"), _("Error")), failing)
        )
    return grids


def _due(licence: Licence, today: Any) -> str:
    if licence.valid_until is None:
        return _("no end")
    days = (licence.valid_until - today).days
    if days < 0:
        return _("over")
    return _("%(days)d days left") % {"days": days} if days <= ALARMS[-1] else "—"


def _ways(found: Company) -> list[Way]:
    key = found.merchant.pk
    stop = (
        act_way("merchant_resume", _("Let it sell again"), key, icon="play_arrow")
        if found.suspension
        else act_way("merchant_suspend", _("Suspend"), key, icon="block", danger=True)
    )
    return [
        stop,
        Way(_of("reviews", found), _("Its reviews"), "reviews", acts=False),
        Way(_of("intents", found), _("Its deliveries"), "outgoing_mail", acts=False),
        Way(_of("deeds", found), _("All deeds"), "history", acts=False),
    ]
