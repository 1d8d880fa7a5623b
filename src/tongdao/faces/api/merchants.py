"""Merchants, their stores and what the stores say."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person, as_staff, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Slug, Text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Merchant, Storefront, StorefrontPage
from tongdao.party.merchants.operations import (
    add_page,
    edit_page,
    edit_storefront,
    open_merchant,
    remove_page,
)
from tongdao.party.merchants.operations.pages import PageDraft

router = Router(tags=["merchants"])
STOREFRONT = "/merchants/{merchant_id}/storefronts"
TEXTS = "/merchants/{merchant_id}/pages"


class MerchantIn(Input):
    name: Text = Field(min_length=1, max_length=120)
    slug: Slug = Field(description="The path of the first store")


class StoreOut(Schema):
    merchant_id: UUID
    slug: str
    name: str
    notice: str
    currency: str


class StorefrontIn(Input):
    name: Text = Field(min_length=1, max_length=80)
    notice: Text = Field("", max_length=300)
    accent: Text = Field("", max_length=7, description="#rrggbb that text can be read in, or empty")
    domain: Text = Field("", max_length=253, description="Its own name, such as shop.example.com, or empty")


class StorefrontOut(Schema):
    storefront_id: UUID
    slug: str
    name: str
    notice: str
    accent: str
    domain: str


class PageIn(Input):
    slug: Slug
    title: Text = Field(min_length=1, max_length=80)
    body_html: Text = Field("", max_length=60_000, description="What is not allowed in it is left out")
    published: bool = True


class PageOut(Schema):
    page_id: UUID
    slug: str
    title: str
    body_html: str
    published: bool


@operation(router, "POST", "/merchants", need="person", answer=StoreOut, status=201, refuses=[409])
def open_merchant_here(request: Call, body: MerchantIn) -> StoreOut:
    """Open a merchant with its first store; I become its owner."""
    actor = as_person(request)
    merchant, store = open_merchant(name=body.name, slug=body.slug, owner_id=request.auth.id, actor=actor)
    return _store(merchant, store)


@operation(router, "GET", "/stores/{slug}", need="nobody", answer=StoreOut, refuses=[404])
def read_store(request: HttpRequest, slug: Slug) -> StoreOut:
    """A store by its path."""
    found = store_of(slug)
    with merchant_scope(found.merchant_id):
        merchant = Merchant.objects.get(pk=found.merchant_id)
        return _store(merchant, Storefront.objects.get(pk=found.id))


@operation(router, "GET", STOREFRONT, need="store.edit", answer=list[StorefrontOut])
def list_storefronts(request: Call, merchant_id: UUID) -> list[StorefrontOut]:
    """All stores of the merchant, the oldest first."""
    return [_storefront(row) for row in Storefront.objects.order_by("created_at", "id")]


@operation(router, "PUT", STOREFRONT + "/{storefront_id}", need="store.edit", answer=StorefrontOut)
def change_storefront(
    request: Call, merchant_id: UUID, storefront_id: UUID, body: StorefrontIn
) -> StorefrontOut:
    """What a store is called, says and looks like from now on."""
    return _storefront(edit_storefront(storefront_id, **body.model_dump(), actor=as_staff(request)))


@operation(router, "GET", TEXTS, need="store.edit", answer=list[PageOut])
def list_pages(request: Call, merchant_id: UUID) -> list[PageOut]:
    """The store's pages, hidden ones too."""
    return [_page(row) for row in StorefrontPage.objects.order_by("position", "id")[:200]]


@operation(
    router,
    "POST",
    STOREFRONT + "/{storefront_id}/pages",
    need="store.edit",
    answer=PageOut,
    status=201,
    refuses=[409],
)
def create_page(request: Call, merchant_id: UUID, storefront_id: UUID, body: PageIn) -> PageOut:
    """A new page of a store."""
    return _page(add_page(storefront_id, PageDraft(**body.model_dump()), actor=as_staff(request)))


@operation(router, "PUT", TEXTS + "/{page_id}", need="store.edit", answer=PageOut, refuses=[409])
def change_page(request: Call, merchant_id: UUID, page_id: UUID, body: PageIn) -> PageOut:
    """What a page says from now on."""
    return _page(edit_page(page_id, PageDraft(**body.model_dump()), actor=as_staff(request)))


@operation(router, "DELETE", TEXTS + "/{page_id}", need="store.edit", answer=None, status=204)
def delete_page(request: Call, merchant_id: UUID, page_id: UUID) -> None:
    """Take a page away."""
    remove_page(page_id, actor=as_staff(request))


def _store(merchant: Merchant, store: Storefront) -> StoreOut:
    return StoreOut(
        merchant_id=merchant.id,
        slug=store.slug,
        name=store.name,
        notice=store.notice,
        currency=merchant.currency,
    )


def _storefront(row: Storefront) -> StorefrontOut:
    return StorefrontOut(
        storefront_id=row.id,
        slug=row.slug,
        name=row.name,
        notice=row.notice,
        accent=row.accent,
        domain=row.domain,
    )


def _page(row: StorefrontPage) -> PageOut:
    return PageOut(
        page_id=row.id, slug=row.slug, title=row.title, body_html=row.body_html, published=row.published
    )
