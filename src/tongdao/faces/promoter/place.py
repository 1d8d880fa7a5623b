"""The store that is recommended, and where its pictures are."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse

from tongdao.foundation import directory
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.agreements import version_now


@dataclass(frozen=True, slots=True)
class Place:
    """`agreement` is the version that promoters agree to here now."""

    merchant_id: UUID
    slug: str
    name: str
    agreement: str = ""

    def url(self, page: str, **parts: object) -> str:
        """The path of one of the promoter's pages, by the name in urls.py."""
        return reverse(f"promoter:{page}", kwargs={"slug": self.slug, **parts})

    @property
    def shop_url(self) -> str:
        return reverse("shop:home", kwargs={"slug": self.slug})


def find_place(slug: str) -> Place:
    """Raises Http404. Opens its own scope."""
    found = directory.lookup("storefront", slug)
    if found is None:
        raise Http404(slug)
    with merchant_scope(found.merchant_id):
        name = Storefront.objects.values_list("name", flat=True).get(pk=found.id)
        return Place(found.merchant_id, slug, name, version_now())


def place_of(merchant_id: UUID) -> Place | None:
    """A merchant's first store. Opens its own scope."""
    with merchant_scope(merchant_id):
        row = Storefront.objects.order_by("created_at", "id").values_list("slug", "name").first()
    return Place(merchant_id, *row) if row else None


def picture_url(path: str) -> str:
    """Below MEDIA_ROOT; a path that starts with `static/` is one of our own drawings. Empty stays empty."""
    if not path:
        return ""
    if path.startswith("static/"):
        return static(path.removeprefix("static/"))
    return settings.MEDIA_URL + quote(path.removeprefix("media/"))


def link_url(token: str) -> str:
    """The whole address of a short link, as it is sent."""
    return f"{settings.BASE_URL}/l/{token}"
