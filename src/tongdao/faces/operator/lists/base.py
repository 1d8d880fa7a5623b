"""A list of rows that the platform's role may read. It saves nothing: it has no view and no grant for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib.admin.views.main import ChangeList as AnyChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from tongdao.faces.operator.reading.asking import on_platform, rows

COUNTED = 10_000  # rows; whoever wants those beyond searches
F = TypeVar("F", bound=Callable[..., Any])


class CountedSoFar(Paginator):  # type: ignore[type-arg]  # generic for the stubs only
    """Counts no further than COUNTED: a log of millions would be read whole for a number nobody needs."""

    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        return int(found.order_by()[:COUNTED].count())


class Rows(ChangeList):  # type: ignore[misc]  # unfold ships no types
    """Links each row to its record, where there is one."""

    def url_for_result(self, result: Any) -> str:
        link: str = self.model_admin.link(result)
        return link


class ListAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """One list. `address` is its path and, with `name`, its URL's name; `lead` says what it is good for."""

    address = ""
    lead: object = ""
    heading: object = ""
    paginator = CountedSoFar
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    list_fullwidth = True
    sortable_by: Any = ()
    actions = None
    record = ""  # URL name of a row's own page; none: rows lead nowhere

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """On the platform's connection: it sees all merchants, and may do nothing but SELECT."""
        ordering = self.get_ordering(request)
        rows: models.QuerySet[Any] = on_platform(self.model)
        return rows.order_by(*ordering) if ordering else rows

    def get_urls(self) -> list[URLPattern]:
        """The list, and nothing else: what unfold and Django would add here could write."""
        return [path("", self.admin_site.admin_view(self.changelist_view), name=self.address)]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405)
        context = {"title": str(self.heading), "lead": str(self.lead), **(extra_context or {})}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AnyChangeList]:
        return Rows

    def link(self, row: Any) -> str:
        return reverse(f"operator:{self.record}", args=[row.pk]) if self.record else ""

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return list_display[:1] if self.record else None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.admin_site.has_permission(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


def shown(label: Any, *, tones: Mapping[str, str] | None = None) -> Callable[[F], F]:
    """What a column is called; `tones`: it gives (code, text), shown as a label in the code's colour."""

    def keep(function: F) -> F:
        named: Any = function
        named.short_description, named.label = label, tones
        return function

    return keep


def column(field: str, label: Any) -> Callable[[Any], Any]:
    """A column of the row's own value under our word for it: a model's field is called in English."""

    def show(row: Any) -> Any:
        return getattr(row, field)

    show.__name__ = field
    return shown(label)(show)


def names_of(ids: set[Any]) -> dict[Any, str]:
    """Merchant id → its name."""
    return dict(rows("select id, name from merchant where id = any(%s)", [list(ids)]))
