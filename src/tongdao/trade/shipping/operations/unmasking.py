"""Reading a delivery address in full: whoever does it is on record."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import DeliveryAddress, Order
from tongdao.trade.shipping.events import DeliveryUnmasked
from tongdao.trade.shipping.gateway import Party
from tongdao.trade.shipping.operations.booking import receiver_of


def unmask_delivery(order_id: UUID, *, actor: Actor) -> Party:
    """Name, phone and address of a paid order, for writing a waybill by hand. Raises NotFound."""
    order = Order.objects.filter(id=order_id, state="paid").first()
    if order is None:
        raise NotFound()
    address = DeliveryAddress.objects.filter(purchase_id=order.purchase_id).order_by("id")[0]
    subject = Subject("delivery_address", address.id)
    record(DeliveryUnmasked(order.id, address.id), subject=subject, actor=actor)
    return receiver_of(order.id)
