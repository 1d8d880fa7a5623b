"""How the platform is, at a glance; each figure leads to where it can be looked into."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.operator.frame import show
from tongdao.faces.operator.pages.parts import Fact, Grid, Tone
from tongdao.faces.operator.reading.health import Health, health

SLOW = 60  # seconds of lag that are worth a look
LONG = 60  # seconds of a transaction
SILENT = 60  # seconds without a sign of life from any worker


def index(request: HttpRequest) -> HttpResponse:
    now = health()
    groups = [
        (_("Events"), _events(now)),
        (_("Jobs"), _jobs(now)),
        (_("Outside"), _outside(now)),
        (_("Database"), _database(now)),
    ]
    depths = [[name, depth] for name, depth in now.depths]
    tables = [[one.name, filesizeformat(one.bytes), f"{one.rows:,}"] for one in now.tables]
    grids = [
        Grid(_("Largest tables"), (_("Table"), _("Size"), _("Rows, estimated")), tables),
        Grid(_("Queues of this installation"), (_("Queue"), _("Waiting now")), depths),
    ]
    return show(request, "home", _("Health"), {"groups": groups, "grids": grids})


def _at(name: str, query: str = "") -> str:
    return reverse(f"operator:{name}") + query


def _tone(bad: object, tone: Tone = "danger") -> Tone:
    return tone if bad else "success"


def _events(now: Health) -> list[Fact]:
    waiting = sum(lag.events for lag in now.lags)
    return [
        Fact(
            _("Readers that stand still"), now.standing_still, _tone(now.standing_still), url=_at("readers")
        ),
        Fact(
            _("Furthest behind"),
            _("%(seconds)d s") % {"seconds": now.behind},
            _tone(now.behind > SLOW, "warning"),
            note=ngettext("%(count)d event unread", "%(count)d events unread", waiting) % {"count": waiting},
            url=_at("readers"),
        ),
        Fact(
            _("Deliveries given up"),
            now.failed_intents,
            _tone(now.failed_intents),
            note=_("%(count)d still being tried") % {"count": now.pending_intents},
            url=_at("intents"),
        ),
    ]


def _jobs(now: Health) -> list[Fact]:
    jobs = now.jobs
    silent = jobs.beat is None or (timezone.now() - jobs.beat).total_seconds() > SILENT
    beat = timezone.localtime(jobs.beat).strftime("%m-%d %H:%M:%S") if jobs.beat else _("never")
    return [
        Fact(_("Failed jobs"), jobs.failed, _tone(jobs.failed), url=_at("jobs", "?state=failed")),
        Fact(
            _("Jobs waiting"),
            jobs.waiting,
            "",
            note=_("%(count)d running") % {"count": jobs.running},
            url=_at("jobs", "?state=todo"),
        ),
        Fact(_("Workers"), jobs.workers, _tone(silent), note=_("last sign of life: %(at)s") % {"at": beat}),
    ]


def _outside(now: Health) -> list[Fact]:
    return [
        Fact(
            _("Callbacks not believed"),
            now.disbelieved,
            _tone(now.disbelieved, "warning"),
            note=_("in the last 24 hours"),
            url=_at("callbacks"),
        ),
        Fact(
            _("Merchants"),
            now.merchants,
            "",
            note=_("%(count)d new since yesterday") % {"count": now.new_merchants},
            url=_at("merchants"),
        ),
    ]


def _database(now: Health) -> list[Fact]:
    return [
        Fact(_("Size"), filesizeformat(now.size)),
        Fact(
            _("Longest transaction"),
            _("%(seconds)d s") % {"seconds": now.longest},
            _tone(now.longest > LONG, "warning"),
        ),
        _archive(now),
    ]


def _archive(now: Health) -> Fact:
    """Backups are the operator's own; what PostgreSQL itself knows of is the archive of its log."""
    archive = now.archive
    if not archive.on:
        return Fact(
            _("Backups"),
            _("no archive"),
            "warning",
            note=_("The database's log is not archived: only what was dumped can be restored."),
        )
    failing = archive.failed_at and (archive.last_at is None or archive.failed_at > archive.last_at)
    at = timezone.localtime(archive.last_at).strftime("%m-%d %H:%M") if archive.last_at else _("never")
    return Fact(
        _("Backups"),
        _("failing") if failing else _("archived"),
        _tone(failing),
        note=_("last piece of the log: %(at)s") % {"at": at},
    )
