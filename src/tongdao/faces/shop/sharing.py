"""Under which address a page is shared: a promoter's own link to it, or else its own address."""

from __future__ import annotations

from urllib.parse import unquote
from uuid import UUID

from django.urls import reverse

from tongdao.faces.shop.store import Store, absolute
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.network.agreements import version_now
from tongdao.party.network.queries import standing_of
from tongdao.reach.traffic.operations import own_link

CHANNEL = "chat"


def link_to(store: Store, path: str, person_id: UUID | None) -> str:
    """`path` is a page of the store. A full address. Opens its own scopes."""
    goods = store.url("product", handle="-").removesuffix("-")
    standing = standing_of(person_id, store.merchant_id) if person_id else None
    shown = path == store.url("home") or path.startswith(goods)
    if standing is None or standing.promoter_id is None or not shown:
        return absolute(path)
    with merchant_scope(store.merchant_id):
        product = Product.objects.filter(handle=unquote(path.removeprefix(goods))).first()
        lost = product is None and path.startswith(goods)
        if lost or version_now() not in standing.agreed:  # who has not agreed to what holds makes no links
            return absolute(path)
        actor, product_id = Actor("person", person_id), product.id if product else None
        link = own_link(standing.promoter_id, CHANNEL, product_id, actor=actor)
    return absolute(reverse("shop:link", kwargs={"token": link.token}))
