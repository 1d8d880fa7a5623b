from tongdao.trade.payments.operations.attempts import PaymentStarted, start_payment
from tongdao.trade.payments.operations.capturing import capture
from tongdao.trade.payments.operations.closing import close_purchase, sweep_unpaid
from tongdao.trade.payments.operations.refunding import (
    open_refund,
    record_refund,
    send_refund,
    sweep_refunds,
)
from tongdao.trade.payments.operations.resolving import refresh_purchase, sweep_attempts

__all__ = [
    "PaymentStarted",
    "capture",
    "close_purchase",
    "open_refund",
    "record_refund",
    "refresh_purchase",
    "send_refund",
    "start_payment",
    "sweep_attempts",
    "sweep_refunds",
    "sweep_unpaid",
]
