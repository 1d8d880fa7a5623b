"""Reviews, and what operators did."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongdao.faces.operator.lists.base import ListAdmin, column, shown
from tongdao.faces.operator.lists.filters import OfMerchant, choice, everything
from tongdao.faces.operator.lists.merchants import is_uuid
from tongdao.faces.operator.lists.naming import NamedRows, NamesMerchants
from tongdao.faces.operator.masking import masked_name
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.words import word
from tongdao.party.people.models import Person

SHORT = 60  # characters of a text in a list


def _in(state: str) -> Any:
    return lambda rows: rows.filter(state=state)


class ReviewList(NamesMerchants, ListAdmin):
    address = "reviews"
    record = "review"
    heading = _("Reviews")
    lead = _("A shop may fold a review; only the platform takes one down, and only where the law says so.")
    list_display = (
        "text_",
        column("stars", _("Stars")),
        "merchant",
        "state_",
        column("written_at", _("Written")),
    )
    search_fields = ("id",)
    search_help_text = _("Id of a review")
    ordering = ("-written_at",)
    list_filter = (
        choice(
            _("state"),
            "state",
            ("all", _("All"), everything),
            ("folded", _("Folded by the shop"), _in("folded")),
            ("taken_down", _("Taken down"), _in("taken_down")),
        ),
        OfMerchant,
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(pk=term) if is_uuid(term) else queryset.none()) if term else queryset, False

    @shown(_("Review"))
    def text_(self, row: Any) -> str:
        text = row.text or row.follow_up
        return text[:SHORT] + ("…" if len(text) > SHORT else "") or str(_("(no words)"))

    @shown(_("State"), tones={"shown": "success", "folded": "info", "taken_down": "danger"})
    def state_(self, row: Any) -> tuple[str, str]:
        return row.state, word(row.state)


class NamedDeeds(NamedRows):
    """Who did it, too."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        wanted = {row.person_id for row in self.result_list if row.person_id}
        people = on_platform(Person).in_bulk(list(wanted))
        for row in self.result_list:
            row.person = people.get(row.person_id)


class DeedList(NamesMerchants, ListAdmin):
    address = "deeds"
    heading = _("Operators' record")
    lead = _("What operators did, to whom and why. Nobody can change it, the database's owner included.")
    list_display = (
        column("at", _("When")),
        "who",
        "what",
        "whom",
        "merchant",
        column("reason", _("Reason")),
    )
    ordering = ("-id",)
    list_filter = (OfMerchant,)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedRows]:
        return NamedDeeds

    @shown(_("Operator"))
    def who(self, row: Any) -> str:
        return masked_name(row.person) if row.person else str(_("at the machine"))

    @shown(_("Deed"))
    def what(self, row: Any) -> str:
        return word(row.act)

    @shown(_("Subject"))
    def whom(self, row: Any) -> str:
        id = row.subject_id
        return f"…{id[-8:]}" if is_uuid(id) else str(id)
