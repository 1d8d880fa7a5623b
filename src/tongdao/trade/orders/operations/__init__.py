from tongdao.trade.orders.operations.cart import clear_cart, set_cart_line
from tongdao.trade.orders.operations.closing import begin_close, finish_close
from tongdao.trade.orders.operations.completing import (
    clear_confirm_deadline,
    complete_order,
    set_confirm_deadline,
    sweep_confirm,
)
from tongdao.trade.orders.operations.paying import mark_paid
from tongdao.trade.orders.operations.placing import Placed, place
from tongdao.trade.orders.operations.preparing import prepare
from tongdao.trade.orders.wishing import NOBODY

__all__ = [
    "NOBODY",
    "Placed",
    "begin_close",
    "clear_cart",
    "clear_confirm_deadline",
    "complete_order",
    "finish_close",
    "mark_paid",
    "place",
    "prepare",
    "set_cart_line",
    "set_confirm_deadline",
    "sweep_confirm",
]
