from tongdao.trade.payments.operations.attempts import PaymentStarted, jsapi_parameters, start_payment
from tongdao.trade.payments.operations.capturing import capture, capture_many
from tongdao.trade.payments.operations.closing import close_purchase, sweep_unpaid
from tongdao.trade.payments.operations.refunded import record_refund, record_refunds
from tongdao.trade.payments.operations.refunding import (
    open_refund,
    open_refunds,
    retry_refund,
    send_refund,
    sweep_refunds,
)
from tongdao.trade.payments.operations.resolving import refresh_purchase, sweep_attempts

__all__ = [
    "PaymentStarted",
    "capture",
    "capture_many",
    "close_purchase",
    "jsapi_parameters",
    "open_refund",
    "open_refunds",
    "record_refund",
    "record_refunds",
    "refresh_purchase",
    "retry_refund",
    "send_refund",
    "start_payment",
    "sweep_attempts",
    "sweep_refunds",
    "sweep_unpaid",
]
