"""The product itself with one guard off: its statements are rewritten on their way to the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from tests.interleaving.harness import Work

Swap = tuple[str, str]  # a pattern in a statement, and what stands there instead


def unlocked(table: str) -> Swap:
    """Rows of this table are read without being locked."""
    return rf'(?s)(from "?{table}"? .*?) for no key update', r"\1"


UNCLAIMED: Swap = (r"and r\.state = %s", "and %s::text is not null")  # whatever state it is in by now
KEYS_FREE: Swap = (r"pg_advisory_xact_lock\(n\)", "n::text")
NOTHING_HELD: Swap = (r'from "?promotion_use"? where \(', 'from "promotion_use" where (false and ')
PRICE_AS_SENT: Swap = (r"sku\.price_fen, ", "1::bigint, ")


def unguarded(work: Work, *swaps: Swap) -> Work:
    """`work` with all statements rewritten."""

    def rewrite(run: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(statement)
        for swap in swaps:
            text = re.sub(*swap, text, flags=re.IGNORECASE)
        return run(text, params, many, context)

    def inner() -> object:
        with connection.execute_wrapper(rewrite):
            return work()

    return inner


def all_unguarded(works: Sequence[Work], *swaps: Swap) -> list[Work]:
    return [unguarded(work, *swaps) for work in works]
