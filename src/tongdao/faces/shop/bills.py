"""The sums below a basket: goods at their public price, what was taken off, delivery, total."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.kit.shapes import Cell
from tongdao.faces.shop.baskets import Basket, Saving
from tongdao.faces.shop.savings import kind_name, minus
from tongdao.foundation.money import Fen
from tongdao.terms.promotions.models import Kind


def bill(basket: Basket) -> list[Cell]:
    return [
        Cell(basket.full_fen, _("Goods"), "money"),
        *(Cell(minus(saving.off_fen), _name(saving)) for saving in basket.savings),
        delivery(basket.freight_fen, basket.parcels),
        Cell(basket.total_fen, total_label(basket), "money", total=True),
    ]


def total_label(basket: Basket) -> str:
    return _("Total") if basket.freight_fen is not None else _("Total without delivery")


def delivery(freight_fen: Fen | None, parcels: int) -> Cell:
    """`parcels` is 0 while it is not known how many there will be."""
    label = _("Delivery")
    if parcels > 1:
        label = ngettext("Delivery, %(count)d parcel", "Delivery, %(count)d parcels", parcels) % {
            "count": parcels
        }
    if freight_fen is None:
        return Cell(_("Depends on the region"), label, "muted")
    return Cell(freight_fen, label, "money") if freight_fen else Cell(_("Free"), label)


def _name(saving: Saving) -> str:
    if saving.kind == Kind.COUPON:
        return _("Coupon: %(title)s") % {"title": saving.title}
    return kind_name(saving.kind)
