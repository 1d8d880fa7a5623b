"""What every line promises, in words. The figures are those that orders freeze."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Guarantee
from tongdao.trade.orders.quoting import PROMISES


def guarantees() -> list[Guarantee]:
    return [
        Guarantee(
            "return",
            _("Returns within %(days)d days") % {"days": PROMISES["return_days"]},
            _("Without giving a reason, counted from the day after you sign for it."),
        ),
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
