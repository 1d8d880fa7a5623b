"""What staff do with lists. `SWEEPS` is what the worker runs in a thread for slow work, with (now)."""

from tongdao.faces.lists.operations.exporting import cancel_export, queue_export, run_export, take_export
from tongdao.faces.lists.operations.keeping import choose_columns, open_with, remove_filter, save_filter
from tongdao.faces.lists.operations.sweeping import sweep_exports

SWEEPS = [sweep_exports]

__all__ = [
    "SWEEPS",
    "cancel_export",
    "choose_columns",
    "open_with",
    "queue_export",
    "remove_filter",
    "run_export",
    "save_filter",
    "sweep_exports",
    "take_export",
]
