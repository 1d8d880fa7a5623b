from .asking import ask_erasure, withdraw_erasure
from .erasing import erase_due, sweep_erasures
from .lapsing import sweep_lapsed
from .taking import ask_take_out, build_take_out, open_take_out, sweep_take_outs

__all__ = [
    "SWEEPS",
    "ask_erasure",
    "ask_take_out",
    "build_take_out",
    "erase_due",
    "open_take_out",
    "sweep_erasures",
    "sweep_lapsed",
    "sweep_take_outs",
    "withdraw_erasure",
]
SWEEPS = (sweep_erasures, sweep_take_outs, sweep_lapsed)
"""For the worker."""
