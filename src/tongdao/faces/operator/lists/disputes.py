"""Disputes that wait for an arbiter, and those that did."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongdao.faces.operator.lists.base import ListAdmin, column, shown
from tongdao.faces.operator.lists.filters import OfMerchant, choice, everything
from tongdao.faces.operator.lists.naming import NamesMerchants
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.words import word
from tongdao.foundation import clock
from tongdao.trade.disputes.models import Statement


def to_decide(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Appealed; or open, and both were heard or had the time for it."""
    said = on_platform(Statement).filter(merchant_id=OuterRef("merchant_id"), dispute_id=OuterRef("pk"))
    heard = Q(Exists(said.filter(side="buyer")), Exists(said.filter(side="seller")))
    return rows.filter(Q(state="appealed") | Q(state="open") & (heard | Q(answer_by__lte=clock.now())))


def _hearing(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(state="open").exclude(pk__in=to_decide(rows).values("pk"))


class DisputeList(NamesMerchants, ListAdmin):
    address = "disputes"
    record = "dispute"
    heading = _("Disputes")
    lead = _(
        "What buyer and shop cannot settle. Both are heard, a ruling names its rule, one appeal is open."
    )
    list_display = (
        "opened",
        "merchant",
        "by_",
        "state_",
        column("due_at", _("By when")),
    )
    search_fields = ("id",)
    search_help_text = _("Id of a dispute")
    list_filter = (
        choice(
            _("state"),
            "state",
            ("decide", _("To decide"), to_decide),
            ("hearing", _("Being heard"), _hearing),
            ("ruled", _("Ruled, may be appealed"), lambda rows: rows.filter(state="ruled")),
            ("ended", _("Ended"), lambda rows: rows.filter(ended_at__isnull=False)),
            ("all", _("All"), everything),
        ),
        OfMerchant,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What is due first; ended ones after it."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.order_by(F("due_at").asc(nulls_last=True), "-opened_at", "-pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    @shown(_("Since"))
    def opened(self, row: Any) -> Any:
        return row.opened_at

    @shown(_("Called by"))
    def by_(self, row: Any) -> str:
        return word(f"side.{row.opened_by}")

    @shown(_("State"), tones={"open": "info", "appealed": "warning", "ruled": "info", "enforced": "success"})
    def state_(self, row: Any) -> tuple[str, str]:
        return row.state, word(f"dispute.{row.state}")
