from tongdao.trade.aftersales.operations.answering import (
    agree_to_case,
    backs_of,
    grant_case,
    receive_return,
    refuse_case,
    ship_replacement,
    worth_of,
)
from tongdao.trade.aftersales.operations.asking import (
    CaseWish,
    add_words,
    confirm_replacement,
    open_case,
    withdraw_case,
)
from tongdao.trade.aftersales.operations.cancelling import CANCEL_REASONS, cancel_order
from tongdao.trade.aftersales.operations.dissolving import sweep_dissolved_groups
from tongdao.trade.aftersales.operations.offering import offer_carriage
from tongdao.trade.aftersales.operations.refunding import (
    FREIGHT_RULES,
    REFUND_REASONS,
    Preview,
    RefundWish,
    preview_refund,
    refund_lines,
)
from tongdao.trade.aftersales.operations.sending_back import correct_waybill, send_back
from tongdao.trade.aftersales.operations.settling import settle_cases
from tongdao.trade.aftersales.operations.timing import SWEEPS

__all__ = [
    "CANCEL_REASONS",
    "FREIGHT_RULES",
    "REFUND_REASONS",
    "SWEEPS",
    "CaseWish",
    "Preview",
    "RefundWish",
    "add_words",
    "agree_to_case",
    "backs_of",
    "cancel_order",
    "confirm_replacement",
    "correct_waybill",
    "grant_case",
    "offer_carriage",
    "open_case",
    "preview_refund",
    "receive_return",
    "refund_lines",
    "refuse_case",
    "send_back",
    "settle_cases",
    "ship_replacement",
    "sweep_dissolved_groups",
    "withdraw_case",
    "worth_of",
]
