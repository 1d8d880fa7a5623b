"""purchase → order → order line → allocation: see docs/algorithms/checkout.md for why it has this shape."""

from tongdao.trade.orders.models.agreed import DiscountShare, TouchCandidate, WaterfallShare
from tongdao.trade.orders.models.cart import CartLine
from tongdao.trade.orders.models.order import Allocation, Order, OrderLine
from tongdao.trade.orders.models.purchase import DeliveryAddress, Purchase
from tongdao.trade.orders.models.schedule import PaymentSchedule

__all__ = [
    "Allocation",
    "CartLine",
    "DeliveryAddress",
    "DiscountShare",
    "Order",
    "OrderLine",
    "PaymentSchedule",
    "Purchase",
    "TouchCandidate",
    "WaterfallShare",
]
