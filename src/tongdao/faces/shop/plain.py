"""The frame of pages that must cost nothing when everybody comes at once: without a visitor's own parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tongdao.faces.shop.store import Store, frame


def plain_frame(store: Store, path: str = "") -> dict[str, Any]:
    """What overrides the common frame: the same places, and no number at the cart."""
    shared = frame(store, "", path or store.url("home"))
    nav = [replace(item, count=None) for item in shared["nav"]]
    return {**shared, "nav": nav, "bar": [item for item in nav if item.icon in ("home", "cart")]}
