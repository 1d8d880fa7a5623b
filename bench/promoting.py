"""Promotions that every order of the benchmark carries: what is switched on here is measured.

Runs in the merchant's scope when the world is made. `WISH` is merged into each buyer's request.
"""

from __future__ import annotations

from typing import Any

WISH: dict[str, Any] = {}


def promote(actor: Any) -> None:
    """Make the promotions that apply to the bench orders (none yet: terms.promotions is being built)."""
