"""A short link: takes note of who comes through it, and leads on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongdao.faces.shop.buyers import buyer_of, keep_visitor, new_visitor, visitor_of
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.reading import handle_of
from tongdao.reach.traffic.operations import Landing, follow_link


@never_cache
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """To the product, or to the store where there is none (any more). Only GET counts as a visit."""
    visitor = visitor_of(request) or new_visitor()
    try:
        landing = follow_link(token, visitor=visitor, person_id=buyer_of(request))
    except NotFound as error:
        raise Http404(token) from error
    response = redirect(_target(request, landing))
    response["X-Robots-Tag"] = "noindex"
    keep_visitor(response, visitor)
    return response


def _target(request: HttpRequest, landing: Landing) -> str:
    handle = None
    if landing.product_id is not None:
        with merchant_scope(landing.merchant_id):
            handle = handle_of(landing.product_id)
    if handle is None and landing.product_id is not None:
        messages.info(request, _("What this link led to is not sold any more. This is the shop."))
    if handle is None:
        return reverse("shop:home", kwargs={"slug": landing.slug})
    return reverse("shop:product", kwargs={"slug": landing.slug, "handle": handle})
