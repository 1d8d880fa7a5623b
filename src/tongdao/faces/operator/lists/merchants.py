"""Companies on the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.lists.base import ListAdmin, shown
from tongdao.faces.operator.lists.filters import choice, everything
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.foundation.clock import today
from tongdao.party.merchants.models import CompanyProfile, Licence, Merchant, Storefront, Suspension
from tongdao.party.merchants.queries import ALARMS


def _of_merchant(model: Any, **more: Any) -> Exists:
    return Exists(on_platform(model).filter(merchant_id=OuterRef("pk"), **more))


def _ending() -> Exists:
    """A licence that ends soon, or has, and was not taken back."""
    soon = today() + timedelta(days=ALARMS[-1])
    return _of_merchant(Licence, withdrawn_at__isnull=True, valid_until__lte=soon)


def _suspended() -> Exists:
    return _of_merchant(Suspension, ended_at__isnull=True)


def _bare(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(~_of_merchant(CompanyProfile, effective_to__isnull=True))


class MerchantList(ListAdmin):
    address = "merchants"
    record = "merchant"
    heading = _("Merchants")
    lead = _("Every company on the platform, the newest first.")
    list_display = ("name_", "shops", "profile", "papers", "state", "opened")
    search_fields = ("name",)
    search_help_text = _("Name, shop path or id")
    ordering = ("-id",)
    list_filter = (
        choice(
            _("state"),
            "state",
            ("all", _("All"), everything),
            ("papers", _("Licences ending"), lambda rows: rows.filter(_ending())),
            ("bare", _("No company profile"), _bare),
            ("suspended", _("Suspended"), lambda rows: rows.filter(_suspended())),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        profile = _of_merchant(CompanyProfile, effective_to__isnull=True)
        rows = super().get_queryset(request)
        known: QuerySet[Any] = rows.annotate(has_profile=profile, ending=_ending(), suspended=_suspended())
        return known

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        shop = on_platform(Storefront).filter(merchant_id=OuterRef("pk"), slug=term.lower())
        found = Q(name__icontains=term) | Exists(shop)
        return queryset.filter(found | Q(pk=term) if is_uuid(term) else found), False

    @shown(_("Company"))
    def name_(self, row: Merchant) -> str:
        return row.name

    @shown(_("Shops"))
    def shops(self, row: Merchant) -> str:
        slugs = (
            on_platform(Storefront).filter(merchant_id=row.pk).order_by("id").values_list("slug", flat=True)
        )
        return joined(slugs[:3])

    @shown(_("Company profile"), tones={"there": "success", "none": "warning"})
    def profile(self, row: Any) -> tuple[str, Any]:
        return ("there", _("there")) if row.has_profile else ("none", _("missing"))

    @shown(_("Licences"), tones={"ending": "warning", "quiet": "info"})
    def papers(self, row: Any) -> tuple[str, Any]:
        return ("ending", _("ending soon")) if row.ending else ("quiet", _("nothing due"))

    @shown(_("State"), tones={"open": "success", "suspended": "danger"})
    def state(self, row: Any) -> tuple[str, Any]:
        return ("suspended", _("suspended")) if row.suspended else ("open", _("open"))

    @shown(_("Since"))
    def opened(self, row: Merchant) -> Any:
        return row.created_at


def is_uuid(text: str) -> bool:
    bare = text.replace("-", "")
    return len(bare) == 32 and all(letter in "0123456789abcdefABCDEF" for letter in bare)
