"""Which shop a page belongs to, and what all its pages share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.baskets import count_cart
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import notice_of
from tongdao.foundation import directory
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront

P = ParamSpec("P")
TABS = (("home", "home"), ("categories", "grid"), ("cart", "cart"), ("me", "me"))


@dataclass(frozen=True, slots=True)
class Store:
    """A storefront. `hero` is the address of its large picture, or empty."""

    merchant_id: UUID
    storefront_id: UUID
    slug: str
    name: str
    notice: str
    hero: str

    def url(self, page: str, **parts: object) -> str:
        """The path of one of its pages, by the name in urls.py."""
        return reverse(f"shop:{page}", kwargs={"slug": self.slug, **parts})


def find_store(slug: str) -> Store:
    """Raises Http404."""
    found = directory.lookup("storefront", slug)
    if found is None:
        raise Http404(slug)
    with merchant_scope(found.merchant_id):
        row = Storefront.objects.get(pk=found.id)
    return Store(found.merchant_id, row.id, row.slug, row.name, row.notice, picture_url(row.hero))


def shop_page(
    view: Callable[Concatenate[HttpRequest, Store, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page of a store: finds it. What is not there is 404, any other refusal a page that says what next."""

    @wraps(view)
    def handle(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404("no text holds a NUL")
        store = find_store(slug)
        try:
            return view(request, store, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except Refusal as refusal:
            return refused(request, store, refusal)

    return handle


def show(
    request: HttpRequest,
    store: Store,
    template: str,
    context: Mapping[str, Any],
    *,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render one of the shop's templates inside the store's frame; `tab` is the place in the bottom bar."""
    nav = _nav(store, tab, _in_cart(request, store))
    shared = {
        "store": store,
        "store_name": store.name,
        "store_url": store.url("home"),
        "nav": nav,
        "bar": [item for item in nav if item.icon in ("home", "cart")],
        "canonical": request.build_absolute_uri(request.path),
        "description": store.notice or _("One price for everyone. Returns within 7 days."),
    }
    return render(request, f"shop/{template}.html", {**shared, **context}, status=status)


def refused(request: HttpRequest, store: Store, refusal: Refusal) -> HttpResponse:
    """A page of its own for a refusal that no form can show."""
    context = {
        "page_title": _("This did not work"),
        "notice": notice_of(refusal),
        "back": store.url("home"),
        "private": True,
    }
    return show(request, store, "refused", context, status=refusal.status)


def _in_cart(request: HttpRequest, store: Store) -> int:
    buyer = buyer_of(request)
    if buyer is None:
        return 0
    with merchant_scope(store.merchant_id):
        return count_cart(buyer)


def _nav(store: Store, tab: str, in_cart: int) -> list[NavItem]:
    labels = {"home": _("Home"), "categories": _("Categories"), "cart": _("Cart"), "me": _("Me")}
    return [
        NavItem(store.url(name), labels[name], icon, name == tab, in_cart if name == "cart" else None)
        for name, icon in TABS
    ]
