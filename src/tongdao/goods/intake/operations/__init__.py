"""What is done about imports. `SWEEPS` is what the worker runs in a thread for slow work, with (now)."""

from tongdao.goods.intake.operations.forgetting import sweep_old_changes
from tongdao.goods.intake.operations.importing import import_products
from tongdao.goods.intake.operations.pictures import fetch_images, retry_images
from tongdao.goods.intake.operations.runs import confirm_import, queue_import, run_import
from tongdao.goods.intake.operations.undoing import sweep_undone_imports, undo_import

SWEEPS = [fetch_images, sweep_undone_imports, sweep_old_changes]

__all__ = [
    "SWEEPS",
    "confirm_import",
    "fetch_images",
    "import_products",
    "queue_import",
    "retry_images",
    "run_import",
    "sweep_old_changes",
    "sweep_undone_imports",
    "undo_import",
]
