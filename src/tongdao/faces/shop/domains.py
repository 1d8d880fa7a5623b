"""Shops under names of their own: who comes by such a name finds that shop, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.urls import reverse

from tongdao.foundation.fragments import Fragments
from tongdao.foundation.hosts import is_own_host
from tongdao.party.merchants.operations.domains import SIGN, read_domain, shop_of
from tongdao.party.merchants.refusals import DomainInvalid, DomainReserved

Handler = Callable[[HttpRequest], HttpResponse]
SHARED = ("/l/", "/media/", "/static/", "/theme/", "/i18n/")
"""What shops have in common, below every name."""

SLUGS: Fragments[str] = Fragments(most_bytes=2**20, size=len)


def slug_of(domain: str) -> str:
    """The path of the shop that has this name, or empty: as it is, or was less than a second ago."""
    return SLUGS.get(domain, lambda: shop_of(domain), lambda: shop_of(domain))


def names(get_response: Handler) -> Handler:
    """The gate of all requests: the platform's own names pass, a shop's name leads to that shop.

    Raises DisallowedHost for any other name. Below a shop's name `/` is its first page; what is not of this
    shop is not found there, and other faces are at the platform's own address.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        host = request.get_host()
        if is_own_host(host):
            return get_response(request)
        name, _port = split_domain_port(host)
        slug = slug_of(name.removesuffix("."))
        if not slug:
            raise DisallowedHost(f"{name} is neither of ours nor of a shop")
        if request.path == SIGN:
            return HttpResponse(slug, content_type="text/plain")
        return _inside(request, slug) or get_response(request)

    return handle


def _inside(request: HttpRequest, slug: str) -> HttpResponse | None:
    """None where the request goes on, at the shop's home if it asked for the root."""
    home = reverse("shop:home", kwargs={"slug": slug})
    if request.path == "/":
        request.path = request.path_info = home
    if request.path.startswith((home, *SHARED)):
        return None
    if request.path.startswith("/s/"):
        raise Http404("a shop's name shows that shop alone")
    if request.method not in ("GET", "HEAD"):
        raise Http404("other faces have another address")
    return redirect(f"{settings.BASE_URL}{request.get_full_path()}")


def ask(request: HttpRequest) -> HttpResponse:
    """200 if `?domain=` leads to a shop, else 404: a proxy asks before it orders a certificate for a name."""
    try:
        domain = read_domain(request.GET.get("domain", "")[:254])
    except (DomainInvalid, DomainReserved):
        domain = ""
    return HttpResponse(status=200 if domain and slug_of(domain) else 404)
