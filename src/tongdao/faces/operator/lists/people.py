"""Human beings, masked."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.lists.base import ListAdmin, shown
from tongdao.faces.operator.lists.filters import choice, everything
from tongdao.faces.operator.lists.merchants import is_uuid
from tongdao.faces.operator.masking import masked_name, masked_way
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.words import word
from tongdao.foundation.pii import blind_index
from tongdao.party.people.models import Identity, IdentityKind, Person
from tongdao.party.people.operations import read_sign_in_name
from tongdao.party.people.refusals import SignInNameInvalid


def _operators(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(platform_roles__isnull=False, platform_roles__revoked_at__isnull=True)


class PersonList(ListAdmin):
    address = "people"
    record = "person"
    heading = _("People")
    lead = _("Names and numbers are masked. A whole number or address finds its person.")
    list_display = ("name_", "ways", "role", "state", "since")
    search_fields = ("id",)
    search_help_text = _("A whole mobile number, e-mail address or id")
    ordering = ("-id",)
    list_filter = (
        choice(
            _("kind"),
            "kind",
            ("all", _("All"), everything),
            ("operators", _("Operators"), _operators),
            ("locked", _("Locked"), lambda rows: rows.filter(is_active=False)),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        ways = on_platform(Identity).filter(valid_to__isnull=True).order_by("valid_from")
        wanted = Prefetch("identities", queryset=ways.exclude(kind=IdentityKind.BROWSER))
        return super().get_queryset(request).prefetch_related(wanted, "platform_roles")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the whole value only: what is sealed is found by its blind index, and nobody can browse it."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if is_uuid(term):
            return queryset.filter(pk=term), False
        try:
            kind, value = read_sign_in_name(term)
        except SignInNameInvalid:
            return queryset.none(), False
        holders = on_platform(Identity).filter(kind=kind, lookup=blind_index(kind, value))
        return queryset.filter(pk__in=list(holders.values_list("person_id", flat=True)[:20])), False

    @shown(_("Name"))
    def name_(self, row: Person) -> str:
        return masked_name(row)

    @shown(pgettext_lazy("ways", "Signs in with"))
    def ways(self, row: Person) -> str:
        return joined(masked_way(way) for way in row.identities.all()) or str(_("a browser only"))

    @shown(_("On the platform"))
    def role(self, row: Person) -> str:
        return joined(word(one.role) for one in row.platform_roles.all() if one.revoked_at is None)

    @shown(_("State"), tones={"open": "success", "locked": "danger", "merged": "info"})
    def state(self, row: Person) -> tuple[str, Any]:
        if row.merged_into_id:
            return "merged", _("merged")
        return ("open", _("open")) if row.is_active else ("locked", _("locked"))

    @shown(_("Since"))
    def since(self, row: Person) -> Any:
        return row.created_at
