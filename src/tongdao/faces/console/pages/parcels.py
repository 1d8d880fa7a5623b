"""Taking a parcel back before the carrier collects it, after saying what that does."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.foundation.refusals import NotFound
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import cancel_booked, cancel_parcel


def show(desk: Desk, order_id: UUID, parcel_id: UUID) -> HttpResponse:
    parcel = Parcel.objects.filter(id=parcel_id, order_id=order_id).select_related("order").first()
    if parcel is None:
        raise NotFound()
    units = sum(parcel.items.values_list("quantity", flat=True))
    context = {
        "crumbs": [
            desk.crumb(_("Orders"), "orders"),
            desk.crumb(parcel.order.number, "order", order_id=order_id),
            desk.crumb(_("Take back")),
        ],
        "effects": _effects(parcel, units),
        "button": _("Take the parcel back"),
        "back": desk.url("order", order_id=order_id),
    }
    return desk.show("confirm", _("Take parcel %(number)s back") % {"number": parcel.waybill_no}, context)


def _effects(parcel: Parcel, units: int) -> list[str]:
    back = ngettext(
        "%(count)d unit is in the warehouse again, still promised to this order.",
        "%(count)d units are in the warehouse again, still promised to this order.",
        units,
    )
    carrier = str(CARRIERS.get(parcel.carrier, parcel.carrier))
    first = (
        _("%(carrier)s is asked to cancel waybill %(number)s; what it has collected goes on.")
        if parcel.booked
        else _("Waybill %(number)s of %(carrier)s was typed in: nobody is asked, the number is free again.")
    )
    return [
        first % {"carrier": carrier, "number": parcel.waybill_no},
        back % {"count": units},
        _("The order can be packed again, and the buyer can cancel it until then."),
    ]


def act(desk: Desk, order_id: UUID, parcel_id: UUID) -> HttpResponse:
    """In one transaction; then the carrier is asked, outside of any."""
    with desk.scope():
        if not Parcel.objects.filter(id=parcel_id, order_id=order_id).exists():
            raise NotFound()
        state = cancel_parcel(parcel_id, actor=desk.actor)
    if state == "cancelling":
        cancel_booked(desk.merchant_id, parcel_id)
        with desk.scope():
            state = Parcel.objects.values_list("state", flat=True).get(id=parcel_id)
    told = {
        "void": _("Taken back. The order can be packed again."),
        "cancelling": _("The carrier does not answer. It is asked again by itself."),
    }
    known = _("The carrier has collected it already. The parcel goes its way.")
    return desk.done(told.get(state, known), "order", order_id=order_id)
