"""Searching a store: results a page at a time, and lines while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.finding import LONGEST, read_lines, read_results, search_url
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import categories

TRIED = 12  # kinds of goods named where there is nothing else to show


@require_safe
@shop_page
def search(request: HttpRequest, store: Store) -> HttpResponse:
    query = text(request.GET, "q", LONGEST)
    found = read_results(store, query, text(request.GET, "after", LONGEST)) if query else None
    context = {
        "page_title": _("Search: %(typed)s") % {"typed": query} if query else _("Search"),
        "q": query,
        "found": found,
        "kinds": [] if found and found.cards else _kinds(store),
        "suggest_url": store.url("suggest"),
        "home_url": store.url("home"),
        "private": True,
    }
    return show(request, store, "search", context)


@require_safe
@shop_page
def suggest(request: HttpRequest, store: Store) -> HttpResponse:
    """A part of the page: what is found so far."""
    query = text(request.GET, "q", LONGEST)
    lines = read_lines(store, query) if query else []
    context = {"lines": lines, "q": query, "all_url": search_url(store, query)}
    return render(request, "shop/part/suggestions.html", context)


def _kinds(store: Store) -> list[NavItem]:
    with merchant_scope(store.merchant_id):
        kinds = sorted(categories(), key=lambda kind: (-kind.products, kind.name))[:TRIED]
    return [NavItem(search_url(store, kind.name), kind.name, count=kind.products) for kind in kinds]
