"""What a parcel's `problem` code means, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdao.trade.shipping.carriers import STATUS_NAMES

OUR_ACCOUNT = frozenset({"gateway_503", "gateway_600", "gateway_601"})


def problem_text(problem: str) -> str:
    """A sentence for staff; empty for no problem."""
    if not problem:
        return ""
    if problem in STATUS_NAMES:
        return _("The carrier says: %(status)s. Get in touch with the carrier or the buyer.") % {
            "status": STATUS_NAMES[problem]
        }
    if problem in OUR_ACCOUNT:
        return _("The carrier gateway does not accept your account. Check its keys; the parcel then goes on.")
    known = {
        "gateway_down": _("The carrier gateway cannot be reached. It is asked again by itself."),
        "no_account": _("No carrier account is connected. Connect one; the parcel then goes on."),
        "waybill_taken": _("The carrier gave a waybill number that another parcel has. Check that parcel."),
        "cancel_refused": _("It could not be taken back: the carrier has collected it already."),
        "taken_back": _("Taken back before the carrier collected it. Its units can be packed again."),
        "track_lost": _("Nothing new for 30 days. Ask the carrier where the parcel is."),
    }
    refused = _("The carrier refused this parcel (code %(code)s). Its units can be packed again.")
    return known.get(problem) or refused % {"code": problem.removeprefix("gateway_")}
