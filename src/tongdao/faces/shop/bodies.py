"""A product's description as the page shows it."""

from __future__ import annotations

import nh3

from tongdao.foundation.html import ATTRIBUTES, LINK_SCHEMES, TAGS

SHOWN = frozenset(TAGS) - {"img"}  # pictures of strangers' hosts are not loaded: the gallery has our own


def description(html: str) -> str:
    """The stored HTML (clean already) without pictures. Safe to put into a page as it is."""
    return nh3.clean(
        html,
        tags=set(SHOWN),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items() if tag in SHOWN or tag == "*"},
        url_schemes=set(LINK_SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
