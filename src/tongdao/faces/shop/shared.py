"""Pages that all visitors of a store share: made once a version and language, kept in the process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from tongdao.faces.shop.personal import parts_of
from tongdao.faces.shop.store import Store, find_store, frame
from tongdao.foundation import clock
from tongdao.foundation.fragments import (
    KEPT_BY_ONE,
    LASTS,
    Composed,
    Fragments,
    Mark,
    Moved,
    answer,
    compose_packed,
    read_version,
)

VARY = "Cookie, Accept-Encoding"
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": KEPT_BY_ONE, "Vary": VARY}
PAGES: Fragments[Composed] = Fragments(
    most_bytes=64 * 2**20,
    size=attrgetter("size"),
    lasts=0.0 if settings.DEBUG else LASTS,  # whoever edits templates sees them at once
)


def shared_page(
    request: HttpRequest,
    store: Store,
    template: str,
    *,
    marks: Sequence[Mark],
    facts: Mapping[str, Any],
    make: Callable[[], Mapping[str, Any]],
    address: Callable[[], str],
    tab: str = "",
) -> HttpResponse:
    """The page with the visitor's own parts in its holes, or 304.

    `make` gives the template's context; it and the template see no request, so nothing of one visitor reaches
    another. `facts` tell this page from others of the template, and are what `marks` ask for besides `now`.
    `address` is the page's path. Call it outside a scope.
    """
    language = get_language()
    key = (store, template, language, *facts.values())

    def version() -> str:
        return read_version(store.merchant_id, marks, {**facts, "now": clock.now()})

    def render() -> Composed:
        with override(language):
            context = {**frame(store, tab, address()), **make()}
            return compose_packed(render_to_string(f"shop/{template}.html", context))

    def again() -> Composed:
        if find_store(store.slug) != store:
            raise Moved(store.slug)
        return PAGES.get(key, version, render)

    page = PAGES.get(key, version, render)
    mine = page.filled(parts_of(request, store.merchant_id, page.holes))
    return answer(request, mine, HEADERS, again if mine is page else None)
