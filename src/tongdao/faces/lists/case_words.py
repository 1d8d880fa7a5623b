"""After-sale cases in the words of the desk: states as the shop reads them, whose turn it is, what is due."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.shapes import Tone

CASE_STATES: Mapping[str, tuple[Promise, Tone]] = {
    "requested": (_("To be answered"), "waiting"),
    "agreed": (_("Agreed: the buyer sends it back"), ""),
    "returning": (_("On its way back to you"), "waiting"),
    "received": (_("Back: to be looked at"), "waiting"),
    "replaced": (_("Replacement on its way"), ""),
    "refused": (_("Refused"), "error"),
    "granted": (_("Money on its way back"), "success"),
    "settled": (_("Settled"), "success"),
    "withdrawn": (_("Withdrawn by the buyer"), ""),
    "lapsed": (_("Lapsed: nothing was sent back"), ""),
    "closed": (_("Closed without money"), ""),
}

TURNS: Mapping[str, tuple[Promise, Tone]] = {
    "seller": (_("Your turn"), "waiting"),
    "buyer": (_("The buyer's turn"), ""),
    "platform": (_("The platform's turn"), "waiting"),
    "nobody": (_("Nobody's turn"), ""),
}

DUES: Mapping[str, Promise] = {
    "over": _("Overdue"),
    "soon": _("Within 12 hours"),
    "paused": _("Paused by a dispute"),
}
