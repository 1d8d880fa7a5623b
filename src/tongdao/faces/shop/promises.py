"""What every line promises, in words, before it is bought. The figures are those that orders freeze."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Guarantee
from tongdao.foundation import clock
from tongdao.trade.orders.promises import PROMISES, Told, told_of


def guarantees(exclusion: str = "") -> list[Guarantee]:
    """Of a product. `exclusion`: its code of rulebook.returns, or empty."""
    return [
        _return(told_here(exclusion)),
        Guarantee(
            "truck",
            _("Ships within %(hours)d hours") % {"hours": PROMISES["ship_hours"]},
            _("Counted from your payment. Your order shows the exact time."),
        ),
        Guarantee(
            "shield",
            _("Cancel until it is packed"),
            _("Until the shop packs it you can cancel by yourself, and all the money goes back."),
        ),
    ]


def told_here(exclusion: str) -> Told | None:
    """What is to be told of it now, to whoever reads this page."""
    return told_of(exclusion, clock.now(), get_language() or "") if exclusion else None


def short_text(told: Told) -> str:
    """For a tag at the goods."""
    if told.mark:
        return _("%(days)d-day return: you decide at the checkout") % {"days": PROMISES["return_days"]}
    if told.sealed:
        return _("No return without a reason once unsealed")
    return _("No return without a reason")


def _return(told: Told | None) -> Guarantee:
    if told is None:
        return Guarantee(
            "return",
            _("Returns within %(days)d days") % {"days": PROMISES["return_days"]},
            _("Without giving a reason, counted from the day after you sign for it."),
        )
    after = _("Defective goods can be given back all the same.")
    if told.mark:
        after = _("The checkout asks whether you agree; if you do not, the %(days)d days stand.") % {
            "days": PROMISES["return_days"]
        }
    gap = "" if told.why.endswith("。") else " "
    return Guarantee("info", short_text(told), f"{told.why}{gap}{after}")
