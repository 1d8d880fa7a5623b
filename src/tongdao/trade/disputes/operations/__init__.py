from tongdao.trade.disputes.operations.conceding import concede
from tongdao.trade.disputes.operations.enforcing import accept_ruling, sweep_disputes
from tongdao.trade.disputes.operations.escalating import appeal, drop_dispute, open_dispute, state_case
from tongdao.trade.disputes.operations.ruling import Decision, rule_dispute

SWEEPS = (sweep_disputes,)

__all__ = [
    "SWEEPS",
    "Decision",
    "accept_ruling",
    "appeal",
    "concede",
    "drop_dispute",
    "open_dispute",
    "rule_dispute",
    "state_case",
    "sweep_disputes",
]
