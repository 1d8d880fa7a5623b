"""Products put into a shop by the import's own way, so that their events are there; and the index read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.builders import Shop
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Code, as_row, record_many, run_reader
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.events import ProductCreated
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.search.queries import Found, find_products


@dataclass(frozen=True)
class Goods:
    title: str
    vendor: str = ""
    product_type: str = ""
    tags: Sequence[str] = ()
    codes: Sequence[str] = ("",)
    options: Sequence[str] = field(default=())
    published: bool = True


def put(shop: Shop, *goods: Goods | str) -> list[Product]:
    """Products with their events, the last one newest; the index is up to date afterwards."""
    with merchant_scope(shop.merchant_id):
        made = [_make(Goods(each) if isinstance(each, str) else each) for each in goods]
    run_reader("search.products", shop.merchant_id)
    return made


def _make(goods: Goods) -> Product:
    product = Product(
        title=goods.title,
        vendor=goods.vendor,
        product_type=goods.product_type,
        tags=list(goods.tags),
        published=goods.published,
    )
    product.handle = f"p-{product.id}"
    product.save(force_insert=True)
    for position, code in enumerate(goods.codes):
        values = [*goods.options[position : position + 1]]
        Sku.objects.create(
            product=product,
            position=position,
            code=code,
            option_values=values,
            option_key=f"{position}",
            currency="CNY",
            price_fen=100,
        )
    record_many([as_row(ProductCreated(source=Code("test"), sku_count=1), subject=product, actor=SYSTEM)])
    return product


def find(shop: Shop, query: str, **how: object) -> Found:
    with merchant_scope(shop.merchant_id):
        return find_products(query, **how)  # type: ignore[arg-type]  # passed on as given


def titles(shop: Shop, query: str, **how: object) -> list[str]:
    with merchant_scope(shop.merchant_id):
        found = find_products(query, **how)  # type: ignore[arg-type]  # passed on as given
        names = dict(Product.objects.filter(id__in=found.ids).values_list("id", "title"))
    return [names[id] for id in found.ids]
