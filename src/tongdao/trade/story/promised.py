"""What a line promised when it was bought, in words: from its snapshot, whatever is promised today."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.trade.orders.promises import Promise


def promised_text(promise: Promise, return_by: date | None) -> str:
    """One short sentence; with `return_by`, the last day on which it may be given back without a reason."""
    if promise.exclusion is not None and not promise.return_days:
        if promise.consented:
            return _("No return without a reason: you agreed to it when you ordered.")
        name = promise.exclusion.name(get_language() or "")
        return _("No return without a reason: %(kind)s.") % {"kind": name}
    if not promise.return_days:
        return ""
    if return_by is None:
        words = (
            _("Unopened, it can be returned within %(days)d days.")
            if promise.sealed
            else _("It can be returned within %(days)d days without a reason.")
        )
        return words % {"days": promise.return_days}
    words = (
        _("Unopened, it can be returned until %(day)s.")
        if promise.sealed
        else _("It can be returned until %(day)s without a reason.")
    )
    return words % {"day": return_by.isoformat()}
