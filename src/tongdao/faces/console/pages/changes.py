"""Who changed which setting, from what to what: a reading of the event log."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("Nothing was changed"), _("As soon as somebody changes a setting, it stands here."), "settings"
    )
    return listing.show(desk, "changes", empty)
