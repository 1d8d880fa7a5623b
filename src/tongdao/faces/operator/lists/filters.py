"""A filter that is a row of links: values with their names, and the rows each leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]


class Choice(SimpleListFilter):
    """`options`: (value, name, which rows). The first one holds where nothing was chosen."""

    options: Sequence[tuple[str, Any, Narrow]] = ()

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, name) for value, name, _narrow in self.options]

    def value(self) -> str:
        asked = super().value()
        known = [value for value, _name, _narrow in self.options]
        return asked if asked in known else known[0]

    def choices(self, changelist: Any) -> Any:
        for value, name in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": name,
            }

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        narrow = next(narrow for value, _name, narrow in self.options if value == self.value())
        return narrow(queryset)


class OfMerchant(SimpleListFilter):
    """Rows of one merchant, from a link on its page; it offers nothing to choose from."""

    title = _("merchant")
    parameter_name = "merchant"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.value(), _("this merchant"))] if self.value() else []

    def value(self) -> str:
        asked = self.used_parameters.get(self.parameter_name) or ""
        try:
            return str(UUID(str(asked)))
        except ValueError:
            return ""

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(merchant_id=self.value()) if self.value() else queryset


def choice(title: Any, parameter: str, *options: tuple[str, Any, Narrow]) -> type[Choice]:
    return type("Choice", (Choice,), {"title": title, "parameter_name": parameter, "options": options})


def everything(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows
