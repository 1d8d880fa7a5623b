"""While a case is disputed its clock stands still."""

from __future__ import annotations

from datetime import timedelta

from tongdao.foundation import clock
from tongdao.trade.aftersales.models import AfterSale

NONE_LEFT = timedelta()


def pause_case(case: AfterSale) -> None:
    """Keep what is left of its time. The caller holds the order's lock."""
    left = max(case.due_at - clock.now(), NONE_LEFT) if case.due_at else NONE_LEFT
    case.due_at, case.paused_left = None, left
    case.save(update_fields=["due_at", "paused_left"])


def resume_case(case: AfterSale) -> None:
    """The rest of its time runs to a new deadline, which is warned of anew. Under the order's lock."""
    if case.paused_left is None:
        return
    case.due_at, case.paused_left, case.warned_at = clock.now() + case.paused_left, None, None
    case.save(update_fields=["due_at", "paused_left", "warned_at"])
