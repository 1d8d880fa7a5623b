"""For tests: definitions, readers and deliveries made in the block are forgotten after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tongdao.foundation.events import definitions, intents, registry


@contextmanager
def scratch_registry(*, empty: bool = False) -> Iterator[None]:
    """Put the registries back as they were; `empty`: the block begins without any reader or delivery."""
    kept: list[tuple[dict[Any, Any], dict[Any, Any]]] = [
        (live, dict(live))
        for live in (
            registry._readers,
            intents._deliveries,
            definitions._by_name,
            definitions._by_payload,
            definitions._retired,
        )
    ]
    if empty:
        registry._readers.clear()
        intents._deliveries.clear()
    try:
        yield
    finally:
        for live, before in kept:
            live.clear()
            live.update(before)
