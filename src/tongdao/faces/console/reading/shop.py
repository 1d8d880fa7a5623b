"""Where the merchant's shop is to be seen."""

from __future__ import annotations

from django.conf import settings

from tongdao.party.merchants.models import Storefront


def first_storefront() -> Storefront | None:
    return Storefront.objects.order_by("created_at", "id").first()


def shop_path() -> str:
    """The path of the merchant's first storefront, or empty."""
    storefront = first_storefront()
    return f"/s/{storefront.slug}/" if storefront else ""


def link_url(token: str) -> str:
    """The full address of a short link, as it is printed and sent."""
    return f"{settings.BASE_URL}/l/{token}"
