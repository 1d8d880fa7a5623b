"""What promoters earned, line by line."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No commission yet"),
        _("With the first paid order that a promoter brought, it stands here: how much, and by which rule."),
        "tag",
    )
    return listing.show(desk, "commissions", empty)
