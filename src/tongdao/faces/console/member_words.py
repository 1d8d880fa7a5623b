"""How what a member was told and has said stands, in words for staff."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.kit.shapes import Cell
from tongdao.party.people.consents import ConsentState

PURPOSES = {
    "privacy": gettext_lazy("Orders: the notice"),
    "marketing_sms": gettext_lazy("Offers by text message"),
    "marketing_wechat": gettext_lazy("Offers by WeChat"),
    "marketing_email": gettext_lazy("Offers by e-mail"),
    "personal": gettext_lazy("Recommendations"),
    "partner_sharing": gettext_lazy("Shipping by a partner"),
}


def consent_cell(state: ConsentState) -> Cell:
    """What may be done now, and since when."""
    if state.notice:
        words = {"given": _("Told"), "outdated": _("Told an older version")}.get(
            state.standing, _("Not told yet")
        )
    else:
        words = {
            "never": _("No: was not asked"),
            "given": _("Agreed"),
            "withdrawn": _("Declined"),
            "outdated": _("No: said yes to an older text"),
        }[state.standing]
    since = f" · {localtime(state.at):%Y-%m-%d}" if state.at else ""
    return Cell(f"{words}{since}", str(PURPOSES[state.purpose]))
