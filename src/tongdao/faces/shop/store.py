"""Which shop a page belongs to, and what all its pages share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.personal import parts_of
from tongdao.foundation import directory
from tongdao.foundation.fragments import Fragments, Hole, Mark, compose, read_version, rows_mark
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
TABS = (("home", "home"), ("categories", "grid"), ("cart", "cart"), ("me", "me"))
STOREFRONT = Mark(
    rows_mark("storefront as row where row.merchant_id = %(merchant)s and row.id = %(storefront)s")
)


@dataclass(frozen=True, slots=True)
class Store:
    """A storefront. `hero` is the address of its large picture, or empty."""

    merchant_id: UUID
    storefront_id: UUID
    slug: str
    name: str
    notice: str
    hero: str
    accent: str = ""  # six digits of its own colour, or empty
    domain: str = ""  # its own name, or empty

    def url(self, page: str, **parts: object) -> str:
        """The path of one of its pages, by the name in urls.py."""
        return reverse(f"shop:{page}", kwargs={"slug": self.slug, **parts})


STORES: Fragments[Store] = Fragments(most_bytes=4 * 2**20, size=lambda store: len(repr(store)))


def find_store(slug: str) -> Store:
    """As it is, or was less than a second ago. Raises Http404. Call it outside a scope."""
    return STORES.get(slug, lambda: _version(slug), lambda: _read_store(slug))


def _lookup(slug: str) -> directory.Found:
    found = directory.lookup("storefront", slug)
    if found is None:
        raise Http404(slug)
    return found


def _version(slug: str) -> str:
    found = _lookup(slug)
    return f"{found.id} {read_version(found.merchant_id, [STOREFRONT], {'storefront': found.id})}"


def _read_store(slug: str) -> Store:
    found = _lookup(slug)
    with merchant_scope(found.merchant_id):
        row = Storefront.objects.get(pk=found.id)
    hero, accent = picture_url(row.hero), row.accent.removeprefix("#")
    return Store(found.merchant_id, row.id, row.slug, row.name, row.notice, hero, accent, row.domain)


def shop_page(
    view: Callable[Concatenate[HttpRequest, Store, P], R],
) -> Callable[..., R | HttpResponse]:
    """A page of a store: finds it. What is not there is 404, any other refusal a page that says what next."""

    @wraps(view)
    def handle(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
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
    shared = frame(store, tab, request.path)
    page = compose(render_to_string(f"shop/{template}.html", {**shared, **context}, request))
    response = HttpResponse(page.filled(parts_of(request, store.merchant_id, page.holes)).body, status=status)
    patch_vary_headers(response, ("Cookie",))
    return response


def frame(store: Store, tab: str, path: str) -> dict[str, Any]:
    """What each page needs around its own part. Nothing personal: holes are where that goes."""
    nav = _nav(store, tab)
    return {
        "store": store,
        "store_name": store.name,
        "store_url": store.url("home"),
        "search_url": store.url("search"),
        "favourites_url": store.url("favourites"),
        "nav": nav,
        "bar": [item for item in nav if item.icon in ("home", "cart")],
        "canonical": _at_home(store, path),
        "mark_image": absolute(static("kit/icon-512.png")),
        "description": store.notice
        or _("One price for everyone. Returns within 7 days, unless the goods say otherwise."),
    }


def _at_home(store: Store, path: str) -> str:
    """Where search engines are to find a page: under the shop's own name, if it has one."""
    scheme = settings.BASE_URL.partition("://")[0]
    return f"{scheme}://{store.domain}{path}" if store.domain else absolute(path)


def absolute(path: str) -> str:
    """By the site's own address, whatever name the request came under: what is kept is shown to all."""
    return path if "://" in path else f"{settings.BASE_URL}{path}"


def refused(request: HttpRequest, store: Store, refusal: Refusal) -> HttpResponse:
    """A page of its own for a refusal that no form can show."""
    context = {
        "page_title": _("This did not work"),
        "notice": notice_of(refusal),
        "back": store.url("home"),
        "private": True,
    }
    return show(request, store, "refused", context, status=refusal.status)


def _nav(store: Store, tab: str) -> list[NavItem]:
    labels = {"home": _("Home"), "categories": _("Categories"), "cart": _("Cart"), "me": _("Me")}
    counts = {"cart": Hole("cart")}
    return [
        NavItem(store.url(name), labels[name], icon, name == tab, counts.get(name)) for name, icon in TABS
    ]
