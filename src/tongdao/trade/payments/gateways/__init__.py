"""The port to payment channels and the ways through it."""

from tongdao.trade.payments.gateways.port import (
    BadCallback,
    Credentials,
    Gateway,
    GatewayDown,
    GatewayRefused,
    PaidNotice,
    PayTerms,
    RefundNotice,
    RefundTerms,
    TransferNotice,
    TransferTerms,
)
from tongdao.trade.payments.gateways.wechatpay import gateway_for

__all__ = [
    "BadCallback",
    "Credentials",
    "Gateway",
    "GatewayDown",
    "GatewayRefused",
    "PaidNotice",
    "PayTerms",
    "RefundNotice",
    "RefundTerms",
    "TransferNotice",
    "TransferTerms",
    "gateway_for",
]
