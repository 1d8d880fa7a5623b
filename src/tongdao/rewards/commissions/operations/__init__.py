from tongdao.rewards.commissions.operations.paying_out import (
    TakenOut,
    note_paid_out,
    paid_line,
    put_back,
    take_for_payouts,
)
from tongdao.rewards.commissions.operations.releasing import release_orders, sweep_release

__all__ = [
    "TakenOut",
    "note_paid_out",
    "paid_line",
    "put_back",
    "release_orders",
    "sweep_release",
    "take_for_payouts",
]
