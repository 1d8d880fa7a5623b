"""All orders: by state, number, phone, goods, promoter, entrance, shipping."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(_("No orders here"), _("As soon as somebody orders, it stands here."), "order")
    return listing.show(desk, "orders", empty)
