"""Merchants and their stores."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Slug, Text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Merchant, Storefront
from tongdao.party.merchants.operations import open_merchant

router = Router(tags=["merchants"])


class MerchantIn(Input):
    name: Text = Field(min_length=1, max_length=120)
    slug: Slug = Field(description="The path of the first store")


class StoreOut(Schema):
    merchant_id: UUID
    slug: str
    name: str
    notice: str
    currency: str


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


def _store(merchant: Merchant, store: Storefront) -> StoreOut:
    return StoreOut(
        merchant_id=merchant.id,
        slug=store.slug,
        name=store.name,
        notice=store.notice,
        currency=merchant.currency,
    )
