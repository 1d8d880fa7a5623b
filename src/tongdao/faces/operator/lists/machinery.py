"""Jobs, callbacks, deliveries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.operator.lists.base import ListAdmin, column, shown
from tongdao.faces.operator.lists.filters import OfMerchant, choice, everything
from tongdao.faces.operator.lists.naming import NamesMerchants
from tongdao.faces.operator.reading.jobs import is_stalled, stalled
from tongdao.faces.operator.words import word

STATES = {"todo": "info", "doing": "primary", "failed": "danger", "stalled": "danger", "cancelled": "warning"}
BELIEVED = ("accepted", "repeated")
VERDICTS = {
    "accepted": "success",
    "repeated": "info",
    "forged": "danger",
    "replayed": "danger",
} | dict.fromkeys(("stale", "unknown", "refused"), "warning")


def _of(*states: str) -> Any:
    return lambda rows: rows.filter(status__in=states)


class JobList(ListAdmin):
    address = "jobs"
    record = "job"
    heading = _("Jobs")
    lead = _("Long work in the queue. What succeeded is forgotten; what failed waits here for somebody.")
    list_display = (
        "task",
        "state",
        column("attempts", _("Tries")),
        column("queue_name", _("Queue")),
        column("scheduled_at", _("Not before")),
    )
    ordering = ("-id",)
    list_filter = (
        choice(
            _("state"),
            "state",
            ("all", _("All"), everything),
            ("failed", _("Failed"), _of("failed")),
            ("doing", _("Running"), _of("doing")),
            ("todo", _("Waiting"), _of("todo")),
            ("stalled", _("Stalled"), stalled),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("worker")

    @shown(_("Job"))
    def task(self, row: Any) -> str:
        return f"{row.task_name} #{row.pk}"

    @shown(_("State"), tones=STATES)
    def state(self, row: Any) -> tuple[str, str]:
        status = "stalled" if is_stalled(row) else row.status
        return status, word(status)


class CallbackList(NamesMerchants, ListAdmin):
    address = "callbacks"
    heading = _("Callbacks")
    lead = _(
        "What payment channels and carriers told us, and what became of it. Bodies are not kept, so nothing"
        " is replayed from here: channels tell again by themselves, and open payments are asked for."
    )
    list_display = (
        column("at", _("When")),
        "source_",
        "verdict_",
        "merchant",
        column("kind", _("Message")),
        "fingerprint",
    )
    ordering = ("-at",)
    list_filter = (
        choice(
            _("verdict"),
            "verdict",
            ("troubled", _("Not believed"), lambda rows: rows.exclude(verdict__in=BELIEVED)),
            ("all", _("All"), everything),
        ),
        OfMerchant,
    )

    @shown(_("Told by"))
    def source_(self, row: Any) -> str:
        return word(row.source)

    @shown(_("Taken for"), tones=VERDICTS)
    def verdict_(self, row: Any) -> tuple[str, str]:
        return row.verdict, word(row.verdict)

    @shown(_("Fingerprint"))
    def fingerprint(self, row: Any) -> str:
        return bytes(row.digest).hex()[:12]


class IntentList(NamesMerchants, ListAdmin):
    address = "intents"
    record = "intent"
    heading = _("Deliveries")
    lead = _("What shall be caused outside, at least once: given up after many tries, or still being tried.")
    list_display = (
        column("kind", pgettext_lazy("notification", "Delivery")),
        "state_",
        "merchant",
        column("attempts", _("Tries")),
        column("next_at", _("Not before")),
        column("last_error", _("Last error")),
    )
    ordering = ("-created_at",)
    list_filter = (
        choice(
            _("state"),
            "state",
            ("failed", _("Given up"), lambda rows: rows.filter(state="failed")),
            ("pending", _("Waiting"), lambda rows: rows.filter(state="pending")),
        ),
        OfMerchant,
    )

    @shown(_("State"), tones={"failed": "danger", "pending": "info"})
    def state_(self, row: Any) -> tuple[str, str]:
        return row.state, word(row.state)
