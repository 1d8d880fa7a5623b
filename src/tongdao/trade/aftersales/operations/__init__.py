from tongdao.trade.aftersales.operations.cancelling import REASONS, cancel_order
from tongdao.trade.aftersales.operations.dissolving import sweep_dissolved_groups
from tongdao.trade.aftersales.operations.refunding import (
    FREIGHT_RULES,
    REFUND_REASONS,
    Preview,
    RefundWish,
    preview_refund,
    refund_lines,
)
from tongdao.trade.aftersales.operations.settling import settle_cases

__all__ = [
    "FREIGHT_RULES",
    "REASONS",
    "REFUND_REASONS",
    "Preview",
    "RefundWish",
    "cancel_order",
    "preview_refund",
    "refund_lines",
    "settle_cases",
    "sweep_dissolved_groups",
]
