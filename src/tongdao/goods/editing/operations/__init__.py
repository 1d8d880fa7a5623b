"""What staff does to goods by hand, one or many."""

from tongdao.goods.editing.operations.batches import (
    begin_batch,
    cancel_batch,
    check_due,
    check_rule,
    undo_batch,
)
from tongdao.goods.editing.operations.running import run_batch, sweep_batches

__all__ = [
    "begin_batch",
    "cancel_batch",
    "check_due",
    "check_rule",
    "run_batch",
    "sweep_batches",
    "undo_batch",
]
