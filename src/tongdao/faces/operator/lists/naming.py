"""Rows of many merchants, each with its merchant's name: read in one statement a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongdao.faces.operator.lists.base import Rows, names_of, shown


class NamedRows(Rows):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found: list[Any] = list(self.result_list)  # type: ignore[has-type]  # set by Django's own
        names = names_of({row.merchant_id for row in found if row.merchant_id})
        for row in found:
            row.merchant_name = names.get(row.merchant_id, "")
        self.result_list = found


class NamesMerchants:
    """For a list whose rows have a `merchant_id`: the column `merchant`."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedRows]:
        return NamedRows

    @shown(_("Merchant"))
    def merchant(self, row: Any) -> str:
        name: str = row.merchant_name
        return name
