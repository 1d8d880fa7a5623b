"""Event readers: all of them, and one at each merchant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.frame import show
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, link
from tongdao.faces.operator.reading.readers import At, all_readers, places_of
from tongdao.faces.operator.sessions import operator_of
from tongdao.faces.operator.words import word
from tongdao.foundation.events.registry import readers
from tongdao.foundation.refusals import NotFound


def index(request: HttpRequest) -> HttpResponse:
    found = all_readers()
    rows = [
        [
            link(reverse("operator:reader", args=[one.name]), one.name),
            word(one.kind),
            one.failing or "—",
            one.lag.merchants,
            f"{one.lag.events:,}",
            one.lag.seconds,
        ]
        for one in found
    ]
    headers = (_("Reader"), _("Kind"), _("Stands still at"), _("Behind at"), _("Events unread"), _("Seconds"))
    record = Record(
        _("Event readers"),
        (),
        (Grid("", headers, rows),),
        lead=_("Each reads the one log at its own pace. One that fails stops for that merchant only."),
    )
    return show(request, "record", record.title, {"record": record})


def one(request: HttpRequest, name: str) -> HttpResponse:
    found = readers().get(name)
    if found is None:
        raise NotFound()
    here = operator_of(request)
    acts = here is not None and here.may_act
    replays = found.kind == "projection"
    rows = [_row(name, at, acts=acts, replays=replays) for at in places_of(name)]
    headers = (
        _("Merchant"),
        _("Unread"),
        _("Seconds"),
        _("Failures"),
        _("Last error"),
        pgettext("remedy", "What to do"),
    )
    facts = [
        Fact(_("Kind"), word(found.kind)),
        Fact(_("Reads"), joined(found.names) if found.names else _("every event")),
    ]
    record = Record(name, facts, (Grid(_("At each merchant"), headers, rows),))
    return show(request, "record", record.title, {"record": record})


def _row(name: str, at: At, *, acts: bool, replays: bool) -> list[object]:
    merchant = link(reverse("operator:merchant", args=[at.merchant_id]), at.merchant or at.merchant_id)
    ways = []
    if acts and at.failures:
        ways.append((reverse("operator:reader_retry", args=[name, at.merchant_id]), _("Let it try again")))
    if acts and replays:
        ways.append((reverse("operator:reader_replay", args=[name, at.merchant_id]), _("Replay")))
    links = format_html_join(" ", '<a class="op-link" href="{}">{}</a>', ways)
    error = f"{at.error} (…{str(at.event_id)[-8:]})" if at.event_id else at.error
    return [merchant, f"{at.events:,}", at.seconds, at.failures or "—", error or "—", links or "—"]
