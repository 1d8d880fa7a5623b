from tongdao.trade.aftersales.operations.cancelling import REASONS, cancel_order
from tongdao.trade.aftersales.operations.dissolving import sweep_dissolved_groups
from tongdao.trade.aftersales.operations.settling import settle_cases

__all__ = ["REASONS", "cancel_order", "settle_cases", "sweep_dissolved_groups"]
